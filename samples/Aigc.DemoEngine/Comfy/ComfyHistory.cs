using Aigc.DemoEngine.Generating;

namespace Aigc.DemoEngine.Comfy;

/// <summary>How ComfyUI writes jobs in its queue and history.</summary>
internal static class ComfyHistory
{
    public static object[] QueueEntry(Job job) =>
        [job.Number, job.Id, job.Graph.Nodes, new { client_id = job.ClientId }, new[] { job.Graph.Output }];

    public static object Entry(Job job)
    {
        var succeeded = job.Completion.IsCompletedSuccessfully;
        return new
        {
            prompt = QueueEntry(job),
            outputs = succeeded ? new Dictionary<string, object> { [job.Graph.Output] = Output(job) } : [],
            status = new
            {
                status_str = succeeded ? "success" : "error",
                completed = succeeded,
                messages = succeeded ? Array.Empty<object>() : [new object[] { "execution_error", new { exception_message = Failure(job) } }],
            },
        };
    }

    /// <summary>Only for a job that succeeded.</summary>
    public static object Output(Job job) => new
    {
        images = job.Completion.Result.Select(filename => new { filename, subfolder = "", type = "output" }),
    };

    public static string Failure(Job job) => job.Completion.Exception?.InnerException?.Message ?? "The engine stopped.";
}
