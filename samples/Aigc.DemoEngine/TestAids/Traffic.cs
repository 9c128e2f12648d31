using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.DemoEngine.TestAids;

internal static class Traffic
{
    private static readonly byte[] Block = [.. Enumerable.Range(0, 64 * 1024).Select(i => (byte)(i * 31 >> 3))];

    /// <summary>Streams <paramref name="size"/> bytes.</summary>
    public static async Task BytesAsync(HttpContext context, long size)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = size = Math.Max(0, size);
        for (var left = size; left > 0; left -= Block.Length)
            await context.Response.Body.WriteAsync(Block.AsMemory(0, (int)Math.Min(left, Block.Length)), context.RequestAborted);
    }

    /// <summary>Counts and hashes a body of any size without keeping it.</summary>
    public static async Task<Ok<Uploaded>> UploadAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long total = 0;
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            total += read;
        }
        return TypedResults.Ok(new Uploaded(total, Convert.ToHexStringLower(hash.GetHashAndReset())));
    }

    /// <summary>Server-sent events, numbered from 1. The interval is in milliseconds.</summary>
    public static async Task EventsAsync(HttpContext context, TimeProvider time, IHostApplicationLifetime lifetime, int count = 10, int interval = 1000)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        for (var i = 1; i <= count; i++)
        {
            await context.Response.WriteAsync($"id: {i}\ndata: {i}\n\n", ended.Token);
            await context.Response.Body.FlushAsync(ended.Token);
            if (i < count)
                await Task.Delay(TimeSpan.FromMilliseconds(interval), time, ended.Token);
        }
    }
}

public sealed record Uploaded(long Bytes, string Sha256);
