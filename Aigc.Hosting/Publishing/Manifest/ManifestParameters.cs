using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Manifest;

/// <summary>What the deployment tool asks for, or makes up.</summary>
internal static class ManifestParameters
{
    public static JsonObject Of(ParameterResource parameter)
    {
        var input = new JsonObject { ["type"] = "string" };
        if (parameter.Secret) input["secret"] = true;
        if (Default(parameter.Default) is { } value) input["default"] = value;
        return Entry(parameter.Name, input);
    }

    public static JsonObject Of(ConnectionStringResource connection)
    {
        var entry = Entry(connection.Name, new JsonObject { ["type"] = "string", ["secret"] = true });
        entry.Insert(1, "connectionString", $"{{{connection.Name}.value}}");
        return entry;
    }

    private static JsonObject Entry(string name, JsonObject input) => new()
    {
        ["type"] = "parameter.v0",
        ["value"] = $"{{{name}.inputs.value}}",
        ["inputs"] = new JsonObject { ["value"] = input },
    };

    private static JsonObject? Default(ParameterDefault? value) => value switch
    {
        null => null,
        GenerateParameterDefault generated => new() { ["generate"] = Generate(generated) },
        _ => new() { ["value"] = value.GetDefaultValue() },
    };

    private static JsonObject Generate(GenerateParameterDefault generated)
    {
        var rule = new JsonObject { ["minLength"] = generated.MinLength };
        if (!generated.Special) rule["special"] = false;
        return rule;
    }
}
