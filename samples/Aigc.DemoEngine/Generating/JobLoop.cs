using System.IO.Compression;
using Aigc.DemoEngine.Comfy;
using Aigc.DemoEngine.Images;
using Aigc.DemoEngine.Painting;
using Microsoft.Extensions.Options;

namespace Aigc.DemoEngine.Generating;

/// <summary>Runs one job after another: steps with previews, then the image saved, then the answer.</summary>
internal sealed partial class JobLoop(
    JobQueue queue, OutputFolder outputs, ComfyEvents events, TimeProvider time,
    IOptions<DemoOptions> options, IHostApplicationLifetime lifetime, ILogger<JobLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server stops before this service does, and would wait for requests that wait for us.
        var stopping = lifetime.ApplicationStopping;
        try
        {
            while (true)
                await RunAsync(await queue.TakeAsync(stopping), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            foreach (var job in queue.Unfinished().Pending)
                job.Cancel();
        }
    }

    private async Task RunAsync(Job job, CancellationToken stopping)
    {
        events.Started(job);
        try
        {
            var files = new List<string>();
            foreach (var picture in job.Order.Pictures())
            {
                await SampleAsync(job, picture, files.Count, stopping);
                files.Add(outputs.Save(picture));
            }
            job.Succeed(files);
        }
        catch (ImageNotSavedException e)
        {
            Log.NotSaved(logger, e, job.Id);
            job.Fail(e);
        }
        catch (OperationCanceledException)
        {
            job.Cancel();
            throw;
        }
        queue.Retire(job);
        events.Finished(job);
    }

    private async Task SampleAsync(Job job, Picture picture, int finished, CancellationToken stopping)
    {
        for (var step = 1; step <= picture.Steps; step++)
        {
            await Task.Delay(options.Value.StepTime, time, stopping);
            job.Progress = new(finished, step, PaintPreview(picture, step));
            events.Progressed(job);
        }
    }

    private static byte[] PaintPreview(Picture picture, int step)
    {
        using var png = new MemoryStream();
        Png.Write(png, Painter.Preview(picture, step), parameters: null, CompressionLevel.Fastest);
        return png.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} failed: its image could not be saved")]
        public static partial void NotSaved(ILogger logger, Exception exception, string jobId);
    }
}

internal static class GeneratingExtensions
{
    public static void AddGenerating(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHostedService<JobLoop>();
    }
}
