using Aigc.Api.Callers;
using Aigc.Engines.Auditing;

namespace Aigc.Api.Auditing;

public static class ApiTarget
{
    /// <summary>The endpoint that somebody was refused: by its pattern, so that nobody fills the log by changing what is in the address.</summary>
    public static AuditTarget Of(HttpContext context, Caller caller)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/');
        return new("api", $"{context.Request.Method} {pattern}", Owner: caller.UserId, Group: caller.Group);
    }
}
