using Aspire.Hosting.Stores;

namespace Aspire.Hosting.Page;

internal static class ResourcesView
{
    public static string Render(IEnumerable<ResourceEvent> resources) => Layout.Page("Resources", $"""
        <h1>Resources</h1>
        <table>
          <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">State</th><th scope="col">Health</th><th scope="col">Endpoints</th><th scope="col">Pid</th><th scope="col">Restarts</th><th scope="col">Action</th></tr></thead>
          <tbody data-stream="/changes">{Rows(resources)}</tbody>
        </table>
        """);

    public static string Rows(IEnumerable<ResourceEvent> resources) => string.Concat(resources.Select(Row));

    private static string Row(ResourceEvent resource)
    {
        var (id, snapshot) = (Layout.Encode(resource.ResourceId), resource.Snapshot);
        var isProcess = resource.Resource.IsProcess();
        var name = isProcess || resource.Resource.Store() is not null ? $"<a href=\"/resources/{id}\">{id}</a>" : id;
        var restart = isProcess
            ? $"<form method=\"post\" action=\"/resources/{id}/restart\"><button aria-label=\"Restart {id}\">Restart</button></form>"
            : "";
        var urls = string.Join("<br>", snapshot.Urls.Select(url => $"<a href=\"{Layout.Encode(url.Url)}\">{Layout.Encode(url.Url)}</a>"));
        return $"<tr><th scope=\"row\">{name}</th>{Cell("Type", Type(snapshot))}"
            + Cell("State", $"<span class=\"{State(snapshot)}\">{Layout.Encode(snapshot.State?.Text)}{(snapshot.ExitCode is { } code ? $" ({code})" : "")}</span>")
            + Cell("Health", snapshot.HealthStatus?.ToString() ?? "")
            + Cell("Endpoints", urls)
            + Cell("Pid", Layout.Encode(snapshot.Text(KnownProperties.Pid)))
            + Cell("Restarts", Layout.Encode(snapshot.Text(KnownProperties.Restarts)))
            + Cell("Action", restart) + "</tr>";
    }

    private static string Type(CustomResourceSnapshot snapshot) =>
        Layout.Encode(snapshot.ResourceType) + (snapshot.Text(KnownProperties.Store) is { } store ? $"<br><small>{Layout.Encode(store)}</small>" : "");

    // On a narrow screen a row becomes a card and the cell shows its own label.
    private static string Cell(string label, string html) => html.Length == 0 ? "<td class=\"empty\"></td>" : $"<td data-label=\"{label}\">{html}</td>";

    private static string State(CustomResourceSnapshot snapshot) => snapshot.State?.Text switch
    {
        "Running" => snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy ? "good" : "pending",
        "Exited" or "FailedToStart" => "bad",
        "Finished" => "good",
        _ => "pending",
    };
}
