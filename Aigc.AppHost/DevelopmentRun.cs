using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Aigc.AppHost;

/// <summary>What a person may choose about a run: <c>AIGC_PORT</c>, <c>AIGC_DATA_DIR</c>, <c>AIGC_STORES</c> and <c>AIGC_REPLICAS</c>.</summary>
internal sealed record DevelopmentRun(int Port, string DataDirectory, string Repository, string? Stores, int Replicas)
{
    private const int MostReplicas = 8;

    public string PublicUrl => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}");

    public string Templates => Path.Combine(Repository, "templates");

    /// <exception cref="IOException">The data folder cannot be used; the message says what to do.</exception>
    /// <exception cref="FormatException">A setting has no meaning; the message says which have.</exception>
    public static DevelopmentRun From(IDistributedApplicationBuilder builder)
    {
        var repository = Path.GetFullPath("..", builder.AppHostDirectory);
        var port = Number(builder, "AIGC_PORT", 8080, 0, ushort.MaxValue);
        var replicas = Number(builder, "AIGC_REPLICAS", 1, 1, MostReplicas);
        var data = Path.GetFullPath(builder.Configuration["AIGC_DATA_DIR"] ?? ".aigc", repository);
        if (builder.ExecutionContext.IsRunMode) RequireWritable(data);
        return new(port == 0 ? FreePort() : port, data, repository, builder.Configuration["AIGC_STORES"], replicas);
    }

    /// <summary>The program of a project, built in the same configuration as this one.</summary>
    public static string ProgramOf(IProjectMetadata project)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var (folder, name) = (Path.GetDirectoryName(project.ProjectPath)!, Path.GetFileNameWithoutExtension(project.ProjectPath));
        return Path.Combine(folder, "bin", framework.Parent!.Name, framework.Name, $"{name}.dll");
    }

    /// <summary>Shown when everything is ready.</summary>
    public IEnumerable<string> ReadyLines(bool developmentSignIn)
    {
        yield return $"dashboard: {PublicUrl}";
        if (developmentSignIn) yield return "sign in as alice, bob, carol or admin";
        yield return $"data: {DataDirectory}";
        if (Replicas > 1) yield return string.Create(CultureInfo.InvariantCulture, $"replicas: {Replicas} each of worker, api and proxy (AIGC_REPLICAS); meant for servers as stores");
        yield return "AIGC_PORT and AIGC_DATA_DIR choose another port and another data folder";
    }

    private static int Number(IDistributedApplicationBuilder builder, string setting, int otherwise, int least, int most)
    {
        if (builder.Configuration[setting] is not { Length: > 0 } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{setting}={text} is not possible: give a number from {least} to {most}, or leave {setting} out for {otherwise}."));
    }

    private static void RequireWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = File.Create(Path.Combine(folder, $".write-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The data folder {folder} cannot be written: {e.Message} Make it writable, or set AIGC_DATA_DIR to another folder.", e);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
