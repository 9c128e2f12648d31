using System.Text.RegularExpressions;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>The cluster's messages, cut down to what people need.</summary>
internal static partial class ClusterWords
{
    private const int MostLetters = 300;

    /// <summary>One line.</summary>
    public static string Short(string message)
    {
        var line = Spaces().Replace(message, " ").Trim();
        return line.Length <= MostLetters ? line : line[..(MostLetters - 1)] + "…";
    }

    /// <summary>What is short, from the scheduler's account of every machine; the account itself, where it is about something else.</summary>
    public static string Room(string message)
    {
        var missing = Insufficient().Matches(message).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        return missing.Count > 0 ? $"not enough {string.Join(", ", missing)}" : Short(message);
    }

    /// <summary>From "requested: …, used: …, limited: …" on.</summary>
    public static string Quota(string message) =>
        Short(message.IndexOf("exceeded quota", StringComparison.Ordinal) is >= 0 and var at ? message[at..] : message);

    /// <summary>Why a change was refused, when asking again would not help; null: it may.</summary>
    public static EngineStartException? Refusal(KubernetesException exception)
    {
        if (exception.IsTransient || exception.IsConflict)
            return null;
        // An apply that would make what is not there is refused without a word where the right to do so is missing.
        var message = exception.Message.Replace(" is forbidden:  (", " is forbidden: the gateway cannot create it (", StringComparison.Ordinal);
        var code = message.Contains("exceeded quota", StringComparison.Ordinal) ? Reasons.QuotaUsed
            : exception.Status is System.Net.HttpStatusCode.Unauthorized ? Reasons.ClusterForbids
            : message.Contains(" cannot ", StringComparison.Ordinal) && exception.Reason == "Forbidden" ? Reasons.ClusterForbids
            : Reasons.ClusterRefused;
        return new(new(code, code == Reasons.QuotaUsed ? Quota(message) : Short(message)), exception);
    }

    [GeneratedRegex(@"Insufficient ([A-Za-z0-9./_-]*[A-Za-z0-9])")]
    private static partial Regex Insufficient();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
