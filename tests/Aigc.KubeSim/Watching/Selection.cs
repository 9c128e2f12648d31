using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Watching;

/// <summary>Which objects a list, a watch or a deletion of many is about.</summary>
internal sealed class Selection
{
    private readonly LabelSelector _labels;
    private readonly List<(string Field, bool Equal, string Value)> _fields = [];

    public Selection(ResourceType type, string? labels, string? fields)
    {
        _labels = LabelSelector.Parse(labels);
        foreach (var part in (fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw ApiException.BadRequest($"invalid selector: '{part}'; can't understand '{part}'");
            var name = part[..at].TrimEnd('!');
            if (!SelectableFields.Knows(type, name))
                throw ApiException.BadRequest($"field label not supported: {name}");
            _fields.Add((name, part[at - 1] != '!', part[(at + 1)..].TrimStart('=')));
        }

        IsEverything = string.IsNullOrEmpty(labels) && _fields.Count == 0;
    }

    public bool IsEverything { get; }

    public bool Has(StoredObject one) =>
        _labels.Matches(one.Labels) && _fields.All(field => (one.Fields.GetValueOrDefault(field.Field, "") == field.Value) == field.Equal);
}
