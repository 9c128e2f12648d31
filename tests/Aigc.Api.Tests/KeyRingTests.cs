using System.Net;
using Aigc.Api.SigningIn;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Api.Tests;

/// <summary>The keys that protect cookies and forms: lost keys sign everybody out.</summary>
public sealed class KeyRingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-keys-");

    private string Sqlite => $"Data Source={Path.Combine(_folder.FullName, "database.db")}";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Keys_that_an_earlier_version_left_in_a_folder_still_count_and_no_new_ones_are_made()
    {
        var folder = _folder.CreateSubdirectory("keys");
        DataProtectionProvider.Create(folder, options => options.SetApplicationName("aigc")).CreateProtector("x").Protect("x");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key-broken.xml"), "<key");
        var name = Path.GetFileNameWithoutExtension(folder.GetFiles().Single(file => file.Name != "key-broken.xml").Name);
        await using (await StartAsync(Sqlite))
        {
        }

        folder.Delete(recursive: true);
        await using (await StartAsync(Sqlite))
        {
        }

        await using var database = Database.FromConnectionString(Sqlite, TimeProvider.System);
        var keys = await new DataProtectionKeyStore(database, TimeProvider.System).ListAsync(CancellationToken.None);
        keys.ShouldHaveSingleItem().ShouldContain(name["key-".Length..]);
    }

    [Fact]
    public async Task Replicas_on_Postgres_share_their_keys()
    {
        var server = await PostgresServer.SharedAsync();
        var shared = await server.CreateDatabaseAsync();
        await using var one = await StartAsync(shared);
        await using var other = await StartAsync(shared);
        await using var database = Database.FromConnectionString(shared, TimeProvider.System);
        (await new DataProtectionKeyStore(database, TimeProvider.System).ListAsync(CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_while_is_said_to_be_and_comes_back_by_itself()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var api = await StartAsync(await server.CreateDatabaseAsync());
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "aigc_" + new string('a', 43));
        await server.KillAsync();
        using (var away = await client.GetAsync("api/v1/me"))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await away.Content.ReadAsStringAsync()).ShouldContain("database-away");
        }

        await server.RestartAsync();
        await Eventually.TrueAsync("the API reads its database again", TimeSpan.FromSeconds(20), async () =>
        {
            using var answer = await client.GetAsync("api/v1/me");
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Fact]
    public async Task A_key_ring_that_could_not_be_read_is_read_later()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = Database.FromConnectionString(await server.CreateDatabaseAsync(), TimeProvider.System);
        await database.MigrateAsync(CancellationToken.None);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(new DataProtectionKeyStore(database, TimeProvider.System));
        services.AddDataProtection().SetApplicationName("aigc");
        services.PersistKeysToDatabase(new ConfigurationBuilder().Build());
        await using var provider = services.BuildServiceProvider();
        var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("x");

        await server.KillAsync();
        var error = Should.Throw<Exception>(() => protector.Protect("word"));
        error.ToString().ShouldContain("nothing listens at");
        await server.RestartAsync();
        protector.Unprotect(protector.Protect("word")).ShouldBe("word");
    }

    private Task<RunningService> StartAsync(string database) => RunningService.StartAsync("Aigc.Api", new()
    {
        ["Gateway__Key"] = "a gateway key of the tests",
        ["Identity__Authority"] = "http://127.0.0.1:9",
        ["Identity__ClientId"] = "aigc",
        ["Identity__ClientSecret"] = "a secret of the tests",
        ["AIGC_DATA_DIR"] = _folder.FullName,
        ["ConnectionStrings__database"] = database,
        ["ConnectionStrings__tracker"] = $"Data Source={Path.Combine(_folder.FullName, "tracker.db")}",
        ["services__worker__http__0"] = "http://127.0.0.1:9",
    });
}
