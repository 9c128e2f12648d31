using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>A program that a kubeconfig names for getting a token, as cloud providers have them (<c>client.authentication.k8s.io</c>).</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without its wait handle has nothing to release.")]
internal sealed class ExecPlugin(
    string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string apiVersion, string workingFolder, string? hint, TimeProvider time) : IToken
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>So long before its end a token is replaced.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private Credential? _last;

    private sealed record Credential(string Token, DateTimeOffset Until);

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetUtcNow() < last.Until)
                return last.Token;
            var next = Read(await RunAsync(cancellationToken));
            _last = next;
            return next.Token;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Refused() => _last = null;

    private Credential Read(string output)
    {
        JsonNode? status;
        try
        {
            status = JsonNode.Parse(output)?["status"];
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new InvalidDataException($"The kubeconfig's program '{command}' did not answer with an ExecCredential: {exception.Message}", exception);
        }

        var token = (string?)status?["token"] ?? throw new InvalidDataException(
            $"The kubeconfig's program '{command}' gave no token; client certificates from such programs are not supported.");
        var until = (string?)status!["expirationTimestamp"] is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) - Margin
            : DateTimeOffset.MaxValue;
        return new(token, until);
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"apiVersion":"{{{apiVersion}}}","kind":"ExecCredential","spec":{"interactive":false}}""";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var process = Start(start);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? output
                : throw new InvalidDataException($"The kubeconfig's program '{command}' ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The kubeconfig's program '{command}' did not answer within {Patience.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidDataException($"The kubeconfig's program '{command}' can't be started: {exception.Message}. {hint}".TrimEnd(), exception);
        }
    }
}
