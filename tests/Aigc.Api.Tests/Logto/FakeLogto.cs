using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc.Api.Tests.Logto;

/// <summary>
/// A server that keeps the documented habits of Logto's token endpoint and Management API, for the paths that the set-up uses:
/// pages of 20 unless asked otherwise, 422 for a name in use, secrets by a path of their own, errors with a code and a message.
/// </summary>
internal sealed class FakeLogto : IAsyncDisposable
{
    public const string ClientId = "m2m";
    public const string ClientSecret = "m2m-secret/+";
    private const string AccessToken = "management-token";

    private readonly WebApplication _app;
    private int _ids;

    private FakeLogto(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single());

    public List<JsonObject> Applications { get; } = [];

    public List<JsonObject> Resources { get; } = [];

    public List<JsonObject> Roles { get; } = [];

    public Dictionary<string, JsonArray> Secrets { get; } = [];

    public JsonObject? IdToken { get; set; }

    /// <summary>Of a plan, or a version, that does not change what id tokens hold.</summary>
    public bool KeepsIdTokens { get; set; }

    /// <summary>The machine-to-machine application lacks the role.</summary>
    public bool Forbids { get; set; }

    /// <summary>The next creation finds that somebody else has just created the same.</summary>
    public bool SomebodyIsFaster { get; set; }

    /// <summary>Every request that changed something.</summary>
    public List<string> Writes { get; } = [];

    public static async Task<FakeLogto> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var logto = new FakeLogto(app);
        logto.Map();
        await app.StartAsync();
        return logto;
    }

    public JsonObject Add(List<JsonObject> to, JsonObject thing)
    {
        thing["id"] = $"id{++_ids:00000}";
        to.Add(thing);
        return thing;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.MapPost("/oidc/token", TokenAsync);
        var api = _app.MapGroup("/api").AddEndpointFilter(async (context, next) =>
        {
            var request = context.HttpContext.Request;
            if (request.Headers.Authorization != $"Bearer {AccessToken}")
                return Problem(401, "auth.unauthorized", "Unauthorized. Please check credentials and its scope.");
            if (Forbids)
                return Problem(403, "auth.forbidden", "Forbidden. Please check your user roles and permissions.");
            if (!HttpMethods.IsGet(request.Method))
                Writes.Add($"{request.Method} {request.Path}");
            return await next(context);
        });
        api.MapGet("/applications", (HttpContext http, string? types) => Page(http, Applications.Where(one => types is null || types == (string?)one["type"]), isOptional: true));
        api.MapPost("/applications", (JsonObject body) =>
        {
            var application = Add(Applications, body);
            Secrets[(string)application["id"]!] = [new JsonObject { ["name"] = "Default secret", ["value"] = $"secret-of-{application["id"]}", ["expiresAt"] = null }];
            return Results.Json(application);
        });
        api.MapPatch("/applications/{id}", (string id, JsonObject body) =>
        {
            if (Applications.SingleOrDefault(one => (string?)one["id"] == id) is not { } application)
                return Problem(404, "entity.not_found", "Not found.");
            foreach (var (name, value) in body)
                application[name] = value?.DeepClone();
            return Results.Json(application);
        });
        api.MapGet("/applications/{id}/secrets", (string id) => Results.Json(Secrets[id]));
        api.MapPost("/applications/{id}/secrets", (string id, JsonObject body) =>
        {
            body["value"] = $"new-secret-of-{id}";
            body["expiresAt"] = null;
            Secrets[id].Add(body);
            return Results.Json(body, statusCode: 201);
        });
        api.MapGet("/resources", (HttpContext http) => Page(http, Resources, isOptional: true));
        api.MapPost("/resources", (JsonObject body) => Create(Resources, body, "indicator", "resource.resource_identifier_in_use", 201));
        api.MapGet("/roles", (HttpContext http, string? type) => Page(http, Roles.Where(one => type is null || type == (string?)one["type"]), isOptional: false));
        api.MapPost("/roles", (JsonObject body) => Create(Roles, body, "name", "role.name_in_use", 200));
        api.MapGet("/configs/id-token", () => IdToken is { } config ? Results.Json(config) : Problem(404, "entity.not_found", "Not found."));
        api.MapPut("/configs/id-token", (JsonObject body) =>
            KeepsIdTokens ? Problem(403, "subscription.limit_exceeded", "Quota limit exceeded.") : Results.Json(IdToken = body));
    }

    private static async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(ClientSecret)}"));
        if (request.Headers.Authorization != $"Basic {basic}")
            return Results.Json(new { error = "invalid_client", error_description = "client authentication failed" }, statusCode: 401);
        return form["grant_type"] == "client_credentials" && form["scope"] == "all" && form["resource"] == "https://default.logto.app/api"
            ? Results.Json(new { access_token = AccessToken, expires_in = 3600, token_type = "Bearer", scope = "all" })
            : Results.Json(new { error = "invalid_target", error_description = "resource indicator is missing, or unknown" }, statusCode: 400);
    }

    private IResult Create(List<JsonObject> among, JsonObject body, string key, string code, int status)
    {
        if (SomebodyIsFaster)
        {
            SomebodyIsFaster = false;
            Add(among, body.DeepClone().AsObject());
        }

        return among.Any(one => (string?)one[key] == (string?)body[key])
            ? Problem(422, code, "It is in use.")
            : Results.Json(Add(among, body), statusCode: status);
    }

    private static IResult Page(HttpContext http, IEnumerable<JsonObject> all, bool isOptional)
    {
        var (page, size) = ((string?)http.Request.Query["page"], (string?)http.Request.Query["page_size"]);
        if (isOptional && page is null && size is null)
            return Results.Json(all);
        var (number, length) = (int.Parse(page ?? "1", null), int.Parse(size ?? "20", null));
        if (number < 1 || length is < 1 or > 100)
            return Problem(400, "guard.invalid_pagination", "The request pagination value is invalid.");
        http.Response.Headers["Total-Number"] = $"{all.Count()}";
        return Results.Json(all.Skip((number - 1) * length).Take(length));
    }

    private static IResult Problem(int status, string code, string message) => Results.Json(new { code, message }, statusCode: status);
}
