using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.DemoEngine.Comfy;
using Aigc.DemoEngine.Generating;
using Aigc.DemoEngine.Images;

namespace Aigc.DemoEngine.A1111;

/// <summary>Synchronous as in A1111: the answer comes when the images are on the disk.</summary>
internal static class Txt2Img
{
    public static async Task<IResult> Handle(HttpRequest request, JobQueue queue, ComfyEvents events, OutputFolder outputs)
    {
        if (await RequestBody.ReadAsync(request) is not { } body)
            return Refuse([new("body", "The body must be a JSON object.")]);
        var fields = new OrderFields();
        var order = Read(body, fields);
        if (fields.Errors.Count > 0)
            return Refuse(fields.Errors);
        if (queue.TryAdd(order, JobGraph.None, clientId: null) is not { } job)
            return Failure(StatusCodes.Status503ServiceUnavailable, "QueueFull", "The queue is full. Try again later.");
        events.QueueChanged();
        try
        {
            var files = await job.Completion.WaitAsync(request.HttpContext.RequestAborted);
            return Results.Ok(Answer(body, order, [.. files.Select(outputs.Read)]));
        }
        catch (ImageNotSavedException e)
        {
            return Failure(e.DiskIsFull ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status500InternalServerError, "ImageNotSaved", e.Message);
        }
        catch (OperationCanceledException)
        {
            return Failure(StatusCodes.Status503ServiceUnavailable, "Stopping", "The engine is stopping; the image was not made.");
        }
    }

    private static Order Read(JsonObject body, OrderFields fields)
    {
        // A1111 makes n_iter batches of batch_size.
        var batch = fields.Batch(body, "batch_size") * fields.Batch(body, "n_iter");
        fields.Require(batch <= 8, "n_iter", "times batch_size must be at most 8");
        return new(fields.Prompt(body, "prompt"), fields.Seed(body), fields.Steps(body), fields.Side(body, "width"), fields.Side(body, "height"), batch);
    }

    private static object Answer(JsonObject body, Order order, IReadOnlyList<byte[]> images)
    {
        var pictures = order.Pictures().ToList();
        var info = JsonSerializer.Serialize(new
        {
            prompt = order.Prompt,
            all_prompts = pictures.Select(p => p.Prompt),
            seed = order.Seed,
            all_seeds = pictures.Select(p => p.Seed),
            steps = order.Steps,
            width = order.Width,
            height = order.Height,
            batch_size = order.Batch,
            sampler_name = "Demo formula",
            sd_model_name = DemoModel.Name,
            infotexts = pictures.Select(p => p.Parameters),
        });
        return new { images, parameters = body, info };
    }

    /// <summary>The shape of FastAPI's validation errors, which A1111 clients know.</summary>
    private static IResult Refuse(IEnumerable<FieldError> errors) => Results.Json(
        new { detail = errors.Select(e => new { loc = new[] { "body", e.Field }, msg = e.Message, type = "value_error" }) },
        statusCode: StatusCodes.Status422UnprocessableEntity);

    private static IResult Failure(int status, string error, string detail) => Results.Json(new { error, detail }, statusCode: status);
}
