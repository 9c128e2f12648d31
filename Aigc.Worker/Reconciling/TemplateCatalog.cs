using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Reconciling;

/// <summary>The template versions in use, remembered until any template changes.</summary>
public sealed class TemplateCatalog(TemplateStore store)
{
    private readonly ConcurrentDictionary<(string Name, string Version), Template> _known = new();

    public async ValueTask<Template?> FindAsync(Engine engine, CancellationToken cancellationToken)
    {
        var key = (engine.Template, engine.TemplateVersion);
        if (_known.TryGetValue(key, out var template))
            return template;
        template = await store.FindVersionAsync(key.Template, key.TemplateVersion, cancellationToken);
        return template is null ? null : _known[key] = template;
    }

    public void Forget() => _known.Clear();
}
