using System.Text.RegularExpressions;

namespace Aigc.Browser.Tests;

/// <summary>A real engine that knows nothing of the gateway: Node-RED from npm, used through its own editor.</summary>
[Collection(nameof(OneStudio))]
public sealed class NodeRedTests(Studio studio)
{
    private const string Flow =
        """
        [{"id":"a1","type":"tab","label":"Greeting"},
         {"id":"a2","type":"http in","z":"a1","name":"","url":"/greeting","method":"get","upload":false,"x":150,"y":100,"wires":[["a3"]]},
         {"id":"a3","type":"template","z":"a1","name":"words","field":"payload","fieldType":"msg","format":"handlebars","syntax":"mustache","template":"Good morning, {{req.query.name}}!","output":"str","x":330,"y":100,"wires":[["a4"]]},
         {"id":"a4","type":"http response","z":"a1","name":"","statusCode":"200","x":500,"y":100,"wires":[]}]
        """;

    [Fact]
    public async Task A_flow_deployed_in_the_editor_is_there_after_sleeping()
    {
        await using var browser = await studio.BrowserAsync();
        var dashboard = await browser.SignInAsync("carol");
        var (card, url, id) = await dashboard.TakeAsync("Node-RED");

        var editor = await browser.NewPageAsync();
        var sockets = new List<IWebSocket>();
        editor.WebSocket += (_, socket) => sockets.Add(socket);
        await editor.GotoAsync(url.AbsoluteUri);
        await card.ShowsAsync("Ready", withinSeconds: 240);
        await EditorIsOpenAsync(editor);
        await DeployAsync(editor);
        sockets.ShouldContain(socket => new Uri(socket.Url).AbsolutePath == "/comms" && !socket.IsClosed, "the editor is connected");
        await Greets(browser, url);

        await card.Button("Sleep").ClickAsync();
        await card.ShowsAsync("Asleep");
        Processes.Find(studio.Product.Data, id).ShouldBeEmpty("the engine gave its compute back, with the editor still open");

        await editor.ReloadAsync();
        await EditorIsOpenAsync(editor);
        await Expect(editor.GetByRole(AriaRole.Tab, new() { Name = "Greeting" }).Or(editor.Locator("#red-ui-workspace-tabs").GetByText("Greeting")).First).ToBeVisibleAsync();
        await Greets(browser, url);
        await card.ShowsAsync("Ready");
        await card.Button("Sleep").ClickAsync();
        await card.ShowsAsync("Asleep");
    }

    private static Task EditorIsOpenAsync(IPage editor) =>
        Expect(editor.GetByRole(AriaRole.Link, new() { NameRegex = new("Deploy") }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });

    /// <summary>Imports the flow with the editor's dialog, as one would a flow from a colleague, and presses Deploy.</summary>
    private static async Task DeployAsync(IPage editor)
    {
        // The editor greets each new user with a tour.
        var tour = editor.Locator(".red-ui-tourGuide-popover");
        await tour.Locator("button:has(.fa-times)").ClickAsync();
        await Expect(tour).ToBeHiddenAsync();
        await editor.Keyboard.PressAsync("Control+i");
        // The dialog looks at its text only after it has opened, and at each key.
        var (text, import) = (editor.Locator("#red-ui-clipboard-dialog-import-text"), editor.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }));
        await Eventually.TrueAsync("the editor has read the flow", TimeSpan.FromSeconds(30), async () =>
        {
            if (await import.IsEnabledAsync())
                return true;
            await text.FillAsync(Flow);
            await text.PressAsync("End");
            return false;
        }, interval: TimeSpan.FromMilliseconds(500));
        await import.ClickAsync();
        await Expect(editor.Locator("#red-ui-workspace-tabs").GetByText("Greeting")).ToBeVisibleAsync();
        var saved = await editor.RunAndWaitForResponseAsync(
            () => editor.Locator("#red-ui-header-button-deploy").ClickAsync(), answer => answer.Request.Method == "POST" && new Uri(answer.Url).AbsolutePath == "/flows");
        saved.Status.ShouldBe(200);
    }

    /// <summary>The flow answers at a path of its own, through the gateway.</summary>
    private static async Task Greets(IBrowserContext browser, Uri url)
    {
        var visitor = await browser.NewPageAsync();
        var answer = await visitor.GotoAsync(new Uri(url, "greeting?name=Carol").AbsoluteUri);
        answer!.Status.ShouldBe(200);
        await Expect(visitor.GetByText("Good morning, Carol!")).ToBeVisibleAsync();
        await visitor.CloseAsync();
    }
}
