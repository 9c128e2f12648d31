using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Disks;

/// <summary>Turns what a disk refuses into problem details.</summary>
public sealed class DiskProblemFilter : IEndpointFilter
{
    public const string TypePrefix = "urn:aigc:problem:";

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
            return Problem(e);
        }
        catch (IOException e) when (IsFull(e))
        {
            return Problem(DiskException.Full(e));
        }
        catch (DirectoryNotFoundException)
        {
            return Problem(new(404, "not-on-disk", "It was removed from the disk meanwhile."));
        }
        catch (UnauthorizedAccessException e)
        {
            return Problem(DiskException.NotPermitted(e));
        }
    }

    public static bool IsFull(IOException e) => Full.Contains(e.HResult);

    private static ProblemHttpResult Problem(DiskException problem) =>
        TypedResults.Problem(problem.Message, statusCode: problem.Status, type: TypePrefix + problem.Type);
}
