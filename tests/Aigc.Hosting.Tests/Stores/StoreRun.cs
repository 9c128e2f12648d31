using System.Diagnostics;

namespace Aigc.Hosting.Tests.Stores;

/// <summary>A run with both stores on a data folder of its own, and the servers' own clients to look into them.</summary>
internal sealed class StoreRun : IAsyncDisposable
{
    private StoreRun(string data, IDistributedApplicationBuilder builder)
    {
        Data = data;
        Builder = builder;
    }

    public string Data { get; }

    public IDistributedApplicationBuilder Builder { get; }

    public Run Run { get; private set; } = null!;

    /// <summary>A folder that other accounts can pass through, as servers of a run by root have to.</summary>
    public static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("aigc-stores-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        return folder;
    }

    /// <param name="stores">As <c>AIGC_STORES</c>; null leaves it to the run.</param>
    public static StoreRun On(string data, string? stores = null, params string[] args)
    {
        // Containers only where a test brings its own engine; the last of two settings wins.
        var builder = Run.Builder([
            $"--Hosting:DataDirectory={data}", "--Hosting:StoresName=AIGC_STORES", "--Hosting:StoresMove=move {program} {from} {to}", "--Hosting:StoresMoveProgram=mover", $"--Hosting:Stores={stores}",
            "--ASPIRE_CONTAINER_RUNTIME=no-engine", .. args,
        ]);
        builder.AddRedis("tracker");
        builder.AddPostgres("postgres").AddDatabase("database");
        return new StoreRun(data, builder);
    }

    public async Task<StoreRun> StartAsync()
    {
        Run = await Run.StartAsync(Builder);
        return this;
    }

    public async Task<StoreRun> HealthyAsync()
    {
        await StartAsync();
        await Run.HealthyAsync("tracker");
        await Run.HealthyAsync("database");
        return this;
    }

    public async Task<string> TextAsync(string store) => (await Run.App.GetConnectionStringAsync(store))!;

    public string Log(string resource = "tracker") => Run.Log(resource);

    public async Task<string> SqlAsync(string statement)
    {
        var settings = (await TextAsync("database")).Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var address = $"host={settings["Host"]} port={settings["Port"]} user={settings["Username"]} password={settings["Password"]} dbname={settings["Database"]} connect_timeout=5";
        return await AskAsync("psql", address, "-tAqc", statement);
    }

    public async Task<string> RedisAsync(params string[] command)
    {
        var (address, password) = (await TextAsync("tracker")).Split(",password=") is [var a, var p] ? (a, p) : throw new InvalidOperationException("no Redis");
        return await AskAsync("redis-cli", ["-p", address.Split(':')[1], "-a", password, "--no-auth-warning", .. command]);
    }

    /// <summary>The server itself, not the shell that watches over it.</summary>
    public int Server(string program) => Processes.Find(Data, program).Single(pid => Path.GetFileName(Processes.CommandOf(pid).Split(' ')[0]).StartsWith(program, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (Run is not null) await Run.DisposeAsync();
    }

    private static async Task<string> AskAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        return process.ExitCode == 0 ? (await output).Trim() : throw new InvalidOperationException($"{program}: {await error}");
    }
}
