using System.Net;

namespace Aigc.Api.Tests.Harness;

/// <param name="Host">The label alone.</param>
public sealed record TakenEngine(string Id, string Host);

public static class Taking
{
    public static async Task<TakenEngine> TakeAsync(this Visitor visitor)
    {
        var engine = await Visitor.JsonAsync(visitor.PostAsync("/api/v1/engines", new { template = "demo" }), HttpStatusCode.Created);
        return new(engine.GetProperty("id").GetString()!, engine.GetProperty("host").GetString()!.Split('.')[0]);
    }
}
