namespace Aigc.Hosting.Tests.Stores;

/// <summary>Containers are preferred where an engine answers, and none is left behind. The engine here is a script that notes what it is asked.</summary>
public sealed class ContainerTests : IDisposable
{
    private const string Answers = """
        #!/bin/sh
        here=$(dirname "$0")
        echo "$*" >> "$here/asked"
        case "$1" in
          version) echo 99.1 ;;
          image) [ -e "$here/no-image" ] && exit 1; exit 0 ;;
          pull) exit 1 ;;
          ps) cat "$here/left" 2>/dev/null ;;
          run)
            for a; do case "$a" in 127.0.0.1:*:*) port=${a#127.0.0.1:}; port=${port%:*} ;; esac; done
            case "$*" in
              *redis-server*) exec /usr/bin/redis-server --port "$port" --requirepass "$REDIS_PASSWORD" --save '' --dir "$here" ;;
              *) echo "password of ${#POSTGRES_PASSWORD} characters"; exec sleep 1000 ;;
            esac ;;
        esac
        exit 0
        """;

    private readonly string _data = StoreRun.Folder();
    private readonly string _bin = Directory.CreateTempSubdirectory("aigc-engine-").FullName;

    private string Asked => File.ReadAllText(Path.Combine(_bin, "asked"));

    public void Dispose()
    {
        Directory.Delete(_data, recursive: true);
        Directory.Delete(_bin, recursive: true);
    }

    [Fact]
    public async Task They_come_before_the_servers_of_the_machine()
    {
        Write(Answers);
        await File.WriteAllTextAsync(Path.Combine(_bin, "left"), "leftover\n");
        await using (var run = await On().StartAsync())
        {
            await run.Run.HealthyAsync("tracker");
            await run.Run.ReachesAsync("postgres", KnownResourceStates.Running);
            (await run.RedisAsync("PING")).ShouldBe("PONG");
            run.Log().ShouldContain("stores: redis:8.2 and postgres:17.6 in containers of docker 99.1 (AIGC_STORES=embedded chooses files)");
            await Eventually.TrueAsync("Postgres is given its password", TimeSpan.FromSeconds(10), () => run.Log("postgres").Contains("password of 32 characters", StringComparison.Ordinal));
            var port = (await run.TextAsync("tracker")).Split(':', ',')[1];
            Asked.ShouldMatch($"run --rm --name (aigc-[0-9a-f]{{12}}-tracker) --label aigc.hosting.store=\\1 --publish 127.0.0.1:{port}:6379 --volume \\1:/data --env REDIS_PASSWORD docker.io/library/redis:8.2 ");
            Asked.ShouldMatch(@"run --rm --name (aigc-[0-9a-f]{12}-postgres) --label aigc.hosting.store=\1 --publish 127.0.0.1:\d+:5432 --volume \1:/var/lib/postgresql/data --env POSTGRES_USER --env POSTGRES_PASSWORD ");
            Asked.ShouldNotContain((await run.TextAsync("tracker")).Split("password=")[1]);
            Asked.ShouldContain("rm --force leftover");
        }

        Processes.Find(_bin, "redis-server").ShouldBeEmpty();
        Asked.TrimEnd().Split('\n')[^1].ShouldContain("rm --force leftover", Case.Sensitive, "what is still there at the end is removed");

        // Its data are in volumes: without the engine there is no product to show.
        Write("#!/bin/sh\nexit 1");
        await using var next = On();
        (await Should.ThrowAsync<DistributedApplicationException>(next.StartAsync)).Message.ShouldContain("in container volumes, but docker does not answer");
    }

    [Fact]
    public async Task An_engine_that_hangs_does_not_hold_up_the_run()
    {
        Write("#!/bin/sh\nexec sleep 1000");
        await using var run = await On("--Hosting:ServerFolders=/nowhere").StartAsync();
        run.Log().ShouldContain("docker does not answer");
        (await run.TextAsync("tracker")).ShouldStartWith("Data Source=");
        Processes.Find(_bin, "sleep").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_no_reason_to_fail()
    {
        Write(Answers);
        await File.WriteAllTextAsync(Path.Combine(_bin, "no-image"), "");
        await using var run = await On("--Hosting:ServerFolders=/nowhere").StartAsync();
        run.Log().ShouldContain("docker cannot get docker.io/library/redis:8.2");
        (await run.TextAsync("tracker")).ShouldStartWith("Data Source=");
    }

    private StoreRun On(params string[] args) =>
        StoreRun.On(_data, null, [.. args, "--ASPIRE_CONTAINER_RUNTIME=", $"--PATH={_bin}:{Environment.GetEnvironmentVariable("PATH")}"]);

    private void Write(string script)
    {
        var docker = Path.Combine(_bin, "docker");
        File.WriteAllText(docker, script);
        File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
