using System.Net;
using System.Net.Http.Json;
using Aigc.Api.Problems;
using Aigc.Disks;
using Aigc.Engines.Lifecycle;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.Dashboard.Files;

/// <summary>An engine's files and log, as the worker keeps them. Callers have made sure whose they are.</summary>
/// <param name="worker">Its base address is the worker's; it sends the gateway's key, and has no time limit of its own.</param>
public sealed class EngineDisk(HttpClient worker)
{
    private const int MostFoldersCounted = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="HttpRequestException">The worker cannot be asked.</exception>
    public async Task<FolderView> ListAsync(EngineId engine, string path, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(Address(engine, "files", path), cancellationToken);
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotImplemented)
            return new(await WhyAsync(response, cancellationToken));
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            return new(DiskSight.NoSuchFolder);
        response.EnsureSuccessStatusCode();
        return new(DiskSight.Seen, (await response.Content.ReadFromJsonAsync<DiskListing>(cancellationToken))!.Entries);
    }

    /// <summary>How many files there are in all; null when there are too many folders to look into, or nobody to ask.</summary>
    public async Task<long?> CountAsync(EngineId engine, CancellationToken cancellationToken)
    {
        try
        {
            var (files, seen, folders) = (0L, 0, new Queue<string>([""]));
            while (folders.TryDequeue(out var folder))
            {
                if (++seen > MostFoldersCounted)
                    return null;
                var view = await ListAsync(engine, folder, cancellationToken);
                if (folder.Length == 0 && view.Sight != DiskSight.Seen)
                    return null;
                foreach (var entry in view.Entries)
                {
                    if (entry.Kind == DiskEntryKind.File)
                        files++;
                    else
                        folders.Enqueue(DiskAddress.Join(folder, entry.Name));
                }
            }

            return files;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The newest lines of its log; null when they cannot be had.</summary>
    public async Task<string?> LogAsync(EngineId engine, int lines, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await GetAsync($"internal/engines/{engine}/log?lines={lines}", cancellationToken);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Streams the content on as it comes; the file appears whole or not at all.</summary>
    public async Task<bool> PutAsync(EngineId engine, string path, Stream content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Address(engine, "files/content", path)) { Content = new StreamContent(content) };
        try
        {
            using var response = await worker.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<bool> DeleteAsync(EngineId engine, string path, CancellationToken cancellationToken)
    {
        using var response = await worker.DeleteAsync(Address(engine, "files", path), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private static async Task<DiskSight> WhyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(cancellationToken);
        return problem?.Type switch
        {
            Problem.TypePrefix + "engine-asleep" => DiskSight.Asleep,
            Problem.TypePrefix + "files-not-ready" => DiskSight.NotReady,
            Problem.TypePrefix + "files-need-restart" => DiskSight.NeedsRestart,
            Problem.TypePrefix + "too-many-files" => DiskSight.TooMany,
            _ => DiskSight.NotHere,
        };
    }

    private async Task<HttpResponseMessage> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await worker.GetAsync(address, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The worker did not answer in time.", e);
        }
    }

    private static string Address(EngineId engine, string what, string path) =>
        $"internal/engines/{engine}/{what}?path={Uri.EscapeDataString(path)}";
}
