using Aigc.DemoEngine.Generating;
using Microsoft.Extensions.Options;

namespace Aigc.DemoEngine.A1111;

internal static class DemoModel
{
    public const string Name = "demo-formula";
}

/// <summary>The part of A1111's API that its common clients and busy probes use.</summary>
internal static class A1111Endpoints
{
    public static void MapA1111(this WebApplication app)
    {
        var api = app.MapGroup("/sdapi/v1");
        api.MapPost("/txt2img", Txt2Img.Handle);
        api.MapGet("/progress", Progress);
        api.MapGet("/sd-models", () => new[]
        {
            new { title = DemoModel.Name, model_name = DemoModel.Name, hash = (string?)null, sha256 = (string?)null, filename = "none: pictures are computed by a formula", config = (string?)null },
        });
        api.MapGet("/options", () => new { sd_model_checkpoint = DemoModel.Name, samples_format = "png", show_progress_every_n_steps = 1 });
    }

    private static IResult Progress(JobQueue queue, IOptions<DemoOptions> options)
    {
        if (queue.Unfinished().Running is not { } job)
            return Results.Ok(Answer(0, 0, "", 0, 0, 0, 0, null));
        var (finished, step, preview) = job.Progress;
        int total = job.Order.Steps * job.Order.Batch, done = finished * job.Order.Steps + step;
        var eta = (total - done) * options.Value.StepTime.TotalSeconds;
        return Results.Ok(Answer((double)done / total, eta, job.Id, job.Order.Batch, finished, step, job.Order.Steps, preview));
    }

    private static object Answer(double progress, double eta, string job, int pictures, int picture, int step, int steps, byte[]? preview) => new
    {
        progress,
        eta_relative = eta,
        state = new { skipped = false, interrupted = false, job, job_count = pictures, job_no = picture, sampling_step = step, sampling_steps = steps },
        current_image = preview,
        textinfo = (string?)null,
    };
}
