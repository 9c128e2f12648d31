using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Schemas;

/// <summary>The fields of all kinds, as kubernetes.schema lists them; <c>extract.py</c> makes that file from a real server's description of itself.</summary>
internal sealed class Schema
{
    private readonly Dictionary<string, Dictionary<string, FieldType>> _structs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _atomic = new(StringComparer.Ordinal);

    public static Schema Instance { get; } = Load();

    /// <summary>What an object of this kind is.</summary>
    public static FieldType Of(ResourceType type) => new(Shape.Struct, type.Kind);

    /// <summary>The type of a field or entry; null when there is no such field.</summary>
    public FieldType? Field(FieldType type, string name) => type.Shape switch
    {
        Shape.Struct => Fields(type).GetValueOrDefault(name),
        Shape.Map => type.Item,
        _ => FieldType.Anything,
    };

    public IReadOnlyDictionary<string, FieldType> Fields(FieldType type) => _structs[type.Name];

    private static Schema Load()
    {
        var schema = new Schema();
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream("kubernetes.schema")!;
        using var reader = new StreamReader(stream);
        Dictionary<string, FieldType> fields = [];
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
        foreach (var words in lines.Where(line => line[0] != ' ').Select(line => line.Split(' ')))
        {
            schema._structs[words[0]] = new(StringComparer.Ordinal);
            if (words.Contains("atomic"))
                schema._atomic.Add(words[0]);
        }

        foreach (var line in lines)
        {
            var words = line.Trim().Split(' ');
            if (line[0] != ' ')
                fields = schema._structs[words[0]];
            else
                fields[words[0]] = schema.Parse(words[1], words[2..]);
        }

        return schema;
    }

    /// <param name="type"><c>string</c>, <c>Container</c>, <c>[Container]</c>, <c>{quantity}</c>.</param>
    /// <param name="marks"><c>key=name</c>, <c>set</c>, <c>atomic</c>, <c>patch=name</c>, <c>default=TCP</c>, <c>required</c>.</param>
    private FieldType Parse(string type, string[] marks)
    {
        string? Mark(string name) => marks.FirstOrDefault(mark => mark.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
        var bare = type switch
        {
            ['[', .. var item, ']'] => new FieldType(Shape.List, "list", Parse(item, [])),
            ['{', .. var item, '}'] => new FieldType(Shape.Map, "map", Parse(item, [])),
            "any" => FieldType.Anything,
            _ when char.IsLower(type[0]) => new FieldType(Shape.Scalar, type),
            _ => new FieldType(Shape.Struct, type, IsAtomic: _atomic.Contains(type)),
        };
        var keys = Mark("key")?.Split(',');
        var isSet = marks.Contains("set");
        return bare with
        {
            Keys = keys,
            IsSet = isSet,
            // A list that says nothing about itself is replaced as a whole.
            IsAtomic = bare.IsAtomic || marks.Contains("atomic") || (bare.Shape == Shape.List && keys is null && !isSet),
            PatchKey = Mark("patch"),
            PatchesSet = marks.Contains("patchset"),
            DefaultValue = Mark("default"),
            IsRequired = marks.Contains("required"),
        };
    }
}
