using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Testing;

/// <summary>A real redis-server of one's own, on a free loopback port, without persistence unless asked for. It ends with the tests.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-redis-");
    private string[] _settings = [];
    private Process? _process;

    private bool _tls;

    private RedisServer()
    {
    }

    public int Port { get; private set; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>For certificates and the like; goes with the server.</summary>
    public string Folder => _folder.FullName;

    /// <param name="settings">More of redis-server's own arguments, such as <c>--requirepass x</c>.</param>
    public static Task<RedisServer> StartAsync(params string[] settings) => StartAsync(_ => settings);

    /// <param name="settings">Arguments that name files in the server's folder, which is passed. With <c>--tls-cert-file</c> it speaks TLS alone.</param>
    public static async Task<RedisServer> StartAsync(Func<string, string[]> settings)
    {
        var server = new RedisServer();
        server._settings = settings(server.Folder);
        server._tls = server._settings.Contains("--tls-cert-file");
        await server.RestartAsync();
        return server;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false })
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it, on the same port as before; with its data only if <c>--appendonly yes</c> was among the settings.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0)
                Port = FreePort.Next();
            _process = Start();
            if (await IsUpAsync(_process))
                return;
            // Another program took the port in between.
            if (attempt == 3)
                throw new InvalidOperationException($"redis-server ended with {_process.ExitCode}: {await File.ReadAllTextAsync(Path.Combine(Folder, "redis.log"))}");
            Port = 0;
        }
    }

    /// <summary>It keeps its connections and does not answer, as behind a broken network.</summary>
    public void Pause() => Processes.Signal(_process!.Id, "STOP");

    public void Resume() => Processes.Signal(_process!.Id, "CONT");

    public Task ConfigSetAsync(string setting, string value) => CommandAsync("CONFIG", "SET", setting, value);

    /// <summary>One command by a connection of its own.</summary>
    /// <returns>The reply as Redis sent it.</returns>
    public async Task<string> CommandAsync(params string[] command)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Port);
        if (_tls)
            return "Nobody speaks to it without TLS here; that it listens is enough.";
        var request = new StringBuilder($"*{command.Length}\r\n");
        foreach (var word in command)
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        // QUIT ends the reply without knowing its form.
        request.Append("*1\r\n$4\r\nQUIT\r\n");
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request.ToString()));
        using var reader = new StreamReader(client.GetStream());
        var reply = await reader.ReadToEndAsync();
        reply = reply.EndsWith("+OK\r\n", StringComparison.Ordinal) ? reply[..^5] : reply;
        return reply.StartsWith('-') ? throw new InvalidOperationException($"Redis refuses {command[0]}: {reply}") : reply;
    }

    /// <summary>How often this command was called since the last <c>CONFIG RESETSTAT</c>.</summary>
    public async Task<long> CallsAsync(string command)
    {
        var stats = await CommandAsync("INFO", "commandstats");
        var line = stats.Split("\r\n").FirstOrDefault(line => line.StartsWith($"cmdstat_{command}:calls=", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            Resume();
        await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private Process Start()
    {
        // The kernel ends the server with the thread that started it, so that one waits; and with the tests, however they end.
        string[] command =
        [
            "--pdeathsig", "KILL", "redis-server", _tls ? "--tls-port" : "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder,
            "--logfile", "redis.log", "--save", "", "--appendfsync", "always", "--daemonize", "no", .. _settings,
        ];
        var started = new TaskCompletionSource<Process>();
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(new ProcessStartInfo("setpriv", command))!;
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (System.ComponentModel.Win32Exception exception)
            {
                started.SetException(new InvalidOperationException("setpriv (package util-linux) is missing, and the tests need it to run redis-server.", exception));
            }
            catch (InvalidOperationException)
            {
                // Disposed: it has ended.
            }
        })
        { IsBackground = true }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private async Task<bool> IsUpAsync(Process process)
    {
        var up = false;
        await Eventually.TrueAsync("redis-server answers", TimeSpan.FromSeconds(20), async () =>
        {
            if (process.HasExited)
            {
                // setpriv's answer for a program that is not there.
                return process.ExitCode == 127
                    ? throw new InvalidOperationException("redis-server is missing. Install it (apt install redis-server): these tests run on a real one.")
                    : true;
            }

            try
            {
                return up = (await CommandAsync("PING")).Length > 0;
            }
            catch (InvalidOperationException)
            {
                // It answers, with a refusal: a password, or its data are still being read.
                return up = true;
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                return false;
            }
        });
        return up;
    }
}
