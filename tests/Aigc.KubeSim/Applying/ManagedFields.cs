using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Schemas;

namespace Aigc.KubeSim.Applying;

/// <summary>Who set which fields, as <c>metadata.managedFields</c> keeps it.</summary>
internal sealed class ManagedFields
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    private readonly List<Entry> _entries = [];

    public sealed record Entry(string Manager, string Operation, string ApiVersion, string Time)
    {
        public FieldSet Fields { get; set; } = new();
    }

    public IReadOnlyList<Entry> Entries => _entries;

    public static ManagedFields Of(JsonObject content)
    {
        var managed = new ManagedFields();
        foreach (var entry in content.Each("metadata", "managedFields"))
        {
            managed._entries.Add(new(entry.Text("manager") ?? "", entry.Text("operation") ?? "", entry.Text("apiVersion") ?? "", entry.Text("time") ?? "")
            {
                Fields = FieldSet.Parse(entry["fieldsV1"]),
            });
        }

        return managed;
    }

    /// <summary>Who has a whole that others have put something into is taken for having all of it.</summary>
    public ManagedFields Reconcile(JsonObject content, FieldType type)
    {
        foreach (var entry in _entries)
            entry.Fields = FieldWalk.Reconcile(entry.Fields, content, type);
        return this;
    }

    public FieldSet? Find(string manager, string operation) => _entries.Find(entry => entry.Manager == manager && entry.Operation == operation)?.Fields;

    public FieldSet Others(string manager, string operation) =>
        _entries.Where(entry => entry.Manager != manager || entry.Operation != operation).Aggregate(new FieldSet(), (all, entry) => all.Union(entry.Fields));

    /// <summary>Its time changes only when its fields do.</summary>
    public void Set(string manager, string operation, string apiVersion, FieldSet fields, DateTimeOffset now)
    {
        var index = _entries.FindIndex(entry => entry.Manager == manager && entry.Operation == operation);
        if (fields.IsEmpty)
        {
            if (index >= 0)
                _entries.RemoveAt(index);
            return;
        }

        if (index >= 0 && Json.Same(_entries[index].Fields.ToJson(), fields.ToJson()))
            return;
        var entry = new Entry(manager, operation, apiVersion, Json.Time(now)) { Fields = fields };
        if (index >= 0)
            _entries[index] = entry;
        else
            _entries.Add(entry);
    }

    /// <summary>Somebody changed these, or took them away: they are not the others' any more.</summary>
    public void TakeFromOthers(FieldSet fields, string manager, string operation)
    {
        foreach (var entry in _entries.Where(entry => entry.Manager != manager || entry.Operation != operation))
            entry.Fields = entry.Fields.Except(fields);
    }

    public void WriteTo(JsonObject content)
    {
        var metadata = content.Child("metadata");
        metadata.Remove("managedFields");
        var entries = _entries.Where(entry => !entry.Fields.IsEmpty).ToList();
        if (entries.Count == 0)
            return;
        metadata["managedFields"] = new JsonArray(
        [
            .. entries.OrderBy(entry => entry.Operation, StringComparer.Ordinal).ThenBy(entry => entry.Time, StringComparer.Ordinal).ThenBy(entry => entry.Manager, StringComparer.Ordinal)
                .Select(entry => new JsonObject
                {
                    ["manager"] = entry.Manager,
                    ["operation"] = entry.Operation,
                    ["apiVersion"] = entry.ApiVersion,
                    ["time"] = entry.Time,
                    ["fieldsType"] = "FieldsV1",
                    ["fieldsV1"] = entry.Fields.ToJson(),
                }),
        ]);
    }
}
