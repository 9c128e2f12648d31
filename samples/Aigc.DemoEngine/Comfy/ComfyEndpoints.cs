using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Aigc.DemoEngine.Generating;

namespace Aigc.DemoEngine.Comfy;

/// <summary>The part of ComfyUI's API that its own page, scripts and busy probes use.</summary>
internal static class ComfyEndpoints
{
    public static void AddComfy(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ComfyEvents>();

    public static void MapComfy(this WebApplication app)
    {
        app.MapPost("/prompt", Enqueue);
        app.MapGet("/queue", Queue);
        app.MapGet("/history", (JobQueue queue) => queue.Finished().ToDictionary(j => j.Id, ComfyHistory.Entry));
        app.MapGet("/history/{id}", (JobQueue queue, string id) => queue.Finished().Where(j => j.Id == id).ToDictionary(j => j.Id, ComfyHistory.Entry));
        app.Map("/ws", ConnectAsync);
    }

    private static async Task<IResult> Enqueue(HttpRequest request, JobQueue queue, ComfyEvents events)
    {
        var body = await RequestBody.ReadAsync(request);
        if (body?["prompt"] is not JsonObject nodes)
            return Refuse("no_prompt", "The body must be a JSON object with a graph in \"prompt\".", []);
        var fields = new OrderFields();
        var (order, graph) = ComfyGraph.Read(nodes, fields);
        if (fields.Errors.Count > 0)
            return Refuse("prompt_outputs_failed_validation", "Prompt outputs failed validation", fields.Errors);
        var clientId = body["client_id"] is JsonValue value && value.TryGetValue(out string? id) ? id : null;
        if (queue.TryAdd(order, graph, clientId) is not { } job)
            return Results.Json(new { error = "The queue is full. Try again later." }, statusCode: StatusCodes.Status503ServiceUnavailable);
        events.QueueChanged();
        return Results.Ok(new { prompt_id = job.Id, number = job.Number, node_errors = new { } });
    }

    private static object Queue(JobQueue queue)
    {
        var (running, pending) = queue.Unfinished();
        return new
        {
            queue_running = running is null ? [] : new[] { ComfyHistory.QueueEntry(running) },
            queue_pending = pending.Select(ComfyHistory.QueueEntry),
        };
    }

    private static async Task ConnectAsync(HttpContext context, ComfyEvents events, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var clientId = context.Request.Query["clientId"].ToString() is { Length: > 0 } asked ? asked : Guid.NewGuid().ToString("N");
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync();
        var socket = new ComfySocket(webSocket);
        events.Connect(clientId, socket);
        try
        {
            await socket.RunAsync(lifetime.ApplicationStopping);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client left without a goodbye, or the engine stops: nothing is lost, jobs go on without it.
        }
        finally
        {
            events.Disconnect(clientId, socket);
        }
    }

    private static IResult Refuse(string type, string message, IReadOnlyList<FieldError> errors) => Results.BadRequest(new
    {
        error = new { type, message, details = string.Join(' ', errors.Select(e => e.Message)), extra_info = new JsonObject() },
        node_errors = new { },
    });
}
