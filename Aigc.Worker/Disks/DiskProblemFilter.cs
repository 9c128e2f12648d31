using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Worker.Disks;

/// <summary>Turns what a disk refuses into problem details.</summary>
internal sealed class DiskProblemFilter : IEndpointFilter
{
    // ENOSPC and EDQUOT of Linux, and ENOSPC as Windows has it.
    private static readonly int[] Full = [28, 122, unchecked((int)0x80070070)];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DiskException e)
        {
            return Problem(e.Status, e.Type, e.Message);
        }
        catch (IOException e) when (IsFull(e))
        {
            return Problem(507, "disk-full", "The disk is full. Delete files that are no longer needed and try again.");
        }
        catch (DirectoryNotFoundException)
        {
            return Problem(404, "not-on-disk", "It was removed from the disk meanwhile.");
        }
        catch (UnauthorizedAccessException)
        {
            return Problem(403, "not-permitted", "The engine has made this file or folder inaccessible.");
        }
    }

    public static bool IsFull(IOException e) => Full.Contains(e.HResult);

    private static ProblemHttpResult Problem(int status, string type, string detail) =>
        TypedResults.Problem(detail, statusCode: status, type: $"urn:aigc:problem:{type}");
}
