using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>Chooses, before anything starts, where the stores of this run are: all of them of one kind, so that one sentence tells it.</summary>
internal sealed class StoreChooser(
    DistributedApplicationModel model,
    StoreMaker maker,
    ResourceLoggerService logs,
    IConfiguration configuration)
{
    private LeftInFiles? _left;

    /// <summary>What was chosen, why, and how to choose another; null where there is no store.</summary>
    public string? Summary { get; private set; }

    /// <summary>What to do about data that are not where the run looks; once the servers have their ports.</summary>
    public IReadOnlyList<string> Notes => _left?.Lines() ?? [];

    /// <exception cref="DistributedApplicationException">What is asked for cannot be had, or would hide existing data.</exception>
    public async Task ChooseAsync(CancellationToken cancellationToken)
    {
        var setting = StoreSetting.From(configuration);
        var stores = model.Resources.Where(resource => resource.Store() is not null).ToList();
        if (stores.Count == 0) return;
        var needed = stores.Where(resource => !IsConfigured(resource)).ToList();
        var data = needed.Count == 0 ? null : new StoreData(model, needed);
        var hadServers = data?.HadServers == true;
        var choice = data is null
            ? new StoreChoice(StoreKind.Embedded, "as configured (ConnectionStrings)", "", [])
            : await ChooseAsync(setting, data, needed, cancellationToken);
        if (needed.Count > 0) KeptKind.Write(needed[0].Store()!.DataDirectory, choice.Kind);
        foreach (var (resource, server) in choice.Servers) resource.Store()!.Server = server;
        Summary = $"stores: {choice.What}{choice.HowElse}";
        _left = data is null ? null : LeftInFiles.Find(data, choice, hadServers, setting, configuration);
        foreach (var resource in stores) logs.Write(resource.Name, needed.Contains(resource) ? Summary : "As configured (ConnectionStrings)");
    }

    private async Task<StoreChoice> ChooseAsync(StoreSetting setting, StoreData data, List<IResource> needed, CancellationToken cancellationToken)
    {
        var files = $" ({setting.Name}=embedded chooses files)";
        var servers = $" ({setting.Name}=servers chooses servers)";
        var apart = $" (what was done in this folder's servers is not in them; {setting.Name}=servers goes back to that)";
        if (setting.Mode == StoreMode.Embedded) return new(StoreKind.Embedded, $"files, asked for by {setting.Name}=embedded", data.HadServers ? apart : "", []);

        // What a data folder already has decides, before what this machine could offer.
        var kept = data.Kept(setting.Mode);
        if (kept == StoreKind.Embedded)
        {
            var move = configuration["Hosting:StoresMove"] is null ? "" : ", and tells how to move the data there";
            var begin = $" ({setting.Name}=servers chooses servers, which begin empty{move})";
            return new(StoreKind.Embedded, $"files, because {data.File} has this installation's data", data.HadServers ? apart : begin, []);
        }

        var obstacles = new List<string>();
        if (kept != StoreKind.Machine)
        {
            var (choice, obstacle) = await maker.ContainersAsync(needed, data, Tell, cancellationToken);
            if (choice is not null) return choice with { HowElse = files };
            obstacles.Add(obstacle);
        }

        if (kept == StoreKind.Containers)
            throw new DistributedApplicationException($"The data of {data.Folder} are in container volumes, but {obstacles[0]}. Start it; or set {setting.Name}=embedded for files, which do not have these data.");

        var machine = await maker.MachineAsync(needed, data, cancellationToken);
        if (machine.Choice is not null) return machine.Choice with { HowElse = files };
        obstacles.Add(machine.Obstacle);
        if (kept == StoreKind.Machine)
            throw new DistributedApplicationException($"The data of {data.Folder} are in servers of this machine, but {machine.Obstacle}. Install what is missing; or set {setting.Name}=embedded for files, which do not have these data.");
        if (setting.Mode == StoreMode.Servers)
        {
            throw new DistributedApplicationException(
                $"{setting.Name}=servers, but there are none: {string.Join("; ", obstacles)}. Start Docker, or install the servers (Debian: apt-get install redis-server postgresql; "
                + $"macOS: brew install redis postgresql@17), or set ConnectionStrings:{needed[0].Name}.");
        }

        return new(StoreKind.Embedded, $"files, because {string.Join("; ", obstacles)}", servers, []);
    }

    private void Tell(string line) => logs.Write("stores", line);

    private bool IsConfigured(IResource resource)
    {
        var store = resource.Store()!;
        if (store.Configured(resource.Name) is not null) return true;
        var databases = model.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == resource).ToList();
        return databases.Count > 0 && databases.All(database => store.Configured(database.Name) is not null);
    }
}

/// <param name="What">The kind and the reason.</param>
/// <param name="HowElse">How to get the other kind.</param>
internal sealed record StoreChoice(StoreKind Kind, string What, string HowElse, IReadOnlyList<(IResource Resource, StoreServer Server)> Servers);
