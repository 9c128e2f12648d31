using System.CommandLine;

namespace Aigc.Api.Logto;

/// <summary><c>Aigc.Api identity logto</c>: makes this gateway known to a Logto, instead of serving.</summary>
public static class LogtoCommands
{
    private const string SecretVariable = "LOGTO_CLIENT_SECRET";
    private const string OwnManagementApi = "https://default.logto.app/api";
    private const string CloudDomain = ".logto.app";

    public static bool Asked(string[] args) => args is ["identity", ..];

    public static Task<int> RunAsync(string[] args)
    {
        var identity = new Command("identity", "Makes this gateway known to an identity provider.") { Logto() };
        return new RootCommand("The gateway's API. Without a command it serves.") { identity }.Parse(args).InvokeAsync();
    }

    private static Command Logto()
    {
        var endpoint = new Option<string>("--endpoint") { Required = true, Description = "Logto's own address, such as https://login.example.com or https://TENANT.logto.app." };
        var clientId = new Option<string>("--client-id") { Required = true, Description = "A machine-to-machine application with the role 'Logto Management API access'." };
        var clientSecret = new Option<string>("--client-secret")
        {
            Description = $"Its secret. Without it, the environment's {SecretVariable}, which other users of this machine do not see.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(SecretVariable) ?? "",
        };
        var publicUrl = new Option<string>("--public-url")
        {
            Description = "The dashboard's address as browsers see it. Without it, the environment's Gateway__PublicUrl.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("Gateway__PublicUrl") ?? "http://localhost:8080",
        };
        var audience = new Option<string?>("--audience") { Description = "What access tokens for this gateway name; an absolute address. Without it, the public one with /api/v1." };
        var resource = new Option<string?>("--resource") { Description = $"The Management API's identifier. Without it, the tenant's on {CloudDomain}, elsewhere {OwnManagementApi}." };
        var name = new Option<string>("--name") { Description = "The application's name in Logto.", DefaultValueFactory = _ => "AIGC gateway" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only says what would be done." };
        var command = new Command(
            "logto", "Creates in Logto what the gateway needs, or corrects it, and prints the settings to start the gateway with. May be run again at any time. docs/logto.md goes through it.")
        {
            endpoint, clientId, clientSecret, publicUrl, audience, resource, name, dryRun,
        };
        command.SetAction((parsed, cancellationToken) => SayingAsync(async () =>
        {
            var logto = SafeAddress("--endpoint", parsed.GetRequiredValue(endpoint));
            var gateway = Address("--public-url", parsed.GetRequiredValue(publicUrl));
            if (parsed.GetRequiredValue(clientSecret) is not { Length: > 0 } secret)
                throw new LogtoException($"--client-secret is missing, and the environment has no {SecretVariable}.");
            var client = new LogtoClient(parsed.GetRequiredValue(name), gateway, parsed.GetValue(audience) ?? new Uri(gateway, "api/v1").AbsoluteUri);
            if (!Uri.TryCreate(client.Audience, UriKind.Absolute, out _))
                throw new LogtoException("--audience must be an absolute address, such as https://studio.example.com/api/v1: Logto gives tokens for no other.");

            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            var api = new LogtoApi(http, logto);
            await api.SignInAsync(parsed.GetRequiredValue(clientId), secret, parsed.GetValue(resource) ?? ManagementApiOf(logto), cancellationToken);
            var isDry = parsed.GetValue(dryRun);
            var result = await new LogtoSetup(api, TimeProvider.System, isDry, Console.WriteLine).RunAsync(client, cancellationToken);
            if (!isDry)
                PrintSettings(logto, client, result);
        }));
        return command;
    }

    private static void PrintSettings(Uri logto, LogtoClient client, LogtoResult result) => Console.WriteLine(
        $"""

        Start the gateway with these settings, and keep the secret where nobody else reads:
        Identity__Provider=Logto
        Identity__Authority={new Uri(logto, "oidc")}
        Identity__ClientId={result.ClientId}
        Identity__ClientSecret={result.ClientSecret}
        Identity__Audience={client.Audience}
        """);

    /// <summary>A tenant of Logto Cloud has its own, also when it is reached under another domain: then --resource says so.</summary>
    private static string ManagementApiOf(Uri logto) =>
        logto.Host.EndsWith(CloudDomain, StringComparison.OrdinalIgnoreCase) ? $"https://{logto.Host}/api" : OwnManagementApi;

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new LogtoException($"{option} must be an absolute https address, not '{text}'.");

    private static Uri SafeAddress(string option, string text) =>
        Address(option, text) is var address && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? address
            : throw new LogtoException($"{option} must be an https address, because secrets go there; http is for this machine alone.");

    private static async Task<int> SayingAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (LogtoException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
