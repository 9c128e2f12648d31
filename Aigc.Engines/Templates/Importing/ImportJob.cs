namespace Aigc.Engines.Templates.Importing;

/// <summary>What is being imported, and what is said of it so far.</summary>
/// <param name="All">Every object of the file.</param>
internal sealed record ImportJob(Workload Workload, IReadOnlyList<Manifest> All, ImportNotes Notes)
{
    public IEnumerable<Manifest> Others => All.Where(manifest => manifest != Workload.Manifest);

    public string PodField(string name) => $"{Workload.PodPath}.{name}";

    public Manifest? Find(string kind, string? name) => Others.FirstOrDefault(manifest => manifest.Kind == kind && manifest.Name == name);

    /// <summary>Whether it sends requests to the workload's pods.</summary>
    public bool Selects(Manifest service)
    {
        var wanted = service.Content.At("spec").At("selector").Fields().ToList();
        var labels = Workload.Pod.At("metadata").At("labels");
        return wanted.Count > 0 && wanted.All(label => label.Value is YamlText text && labels.Text(label.Name) == text.Value);
    }
}
