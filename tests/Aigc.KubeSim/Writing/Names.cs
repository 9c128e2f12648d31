using System.Text.RegularExpressions;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Writing;

/// <summary>What names may be, and names that the server makes.</summary>
internal static partial class Names
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string ServiceRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const string KeyRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    public static string Generate(string prefix) => prefix + new string(Random.Shared.GetItems<char>(Letters, 5));

    public static IEnumerable<FieldError> Check(ResourceType type, string name) => type.Kind switch
    {
        "Namespace" => Label("metadata.name", name),
        "Service" => Check("metadata.name", name, Dns1035(), 63, ServiceRule),
        "Role" or "RoleBinding" => PathSegment("metadata.name", name),
        _ => Check("metadata.name", name, Subdomain(), 253, SubdomainRule),
    };

    /// <summary>What can be a part of an address.</summary>
    private static IEnumerable<FieldError> PathSegment(string field, string name)
    {
        if (name is "." or "..")
            yield return FieldError.Invalid(field, $"\"{name}\"", $"may not be '{name}'");
        foreach (var letter in "/%".Where(letter => name.Contains(letter, StringComparison.Ordinal)))
            yield return FieldError.Invalid(field, $"\"{name}\"", $"may not contain '{letter}'");
    }

    public static IEnumerable<FieldError> Label(string field, string name) => Check(field, name, Dns1123(), 63, LabelRule);

    public static IEnumerable<FieldError> LabelValue(string field, string value) => Check(field, value, Value(), 63, ValueRule);

    public static IEnumerable<FieldError> LabelKey(string field, string key)
    {
        var parts = key.Split('/');
        return parts.Length switch
        {
            1 => Check(field, key, QualifiedName(), 63, KeyRule),
            2 => Check(field, parts[0], Subdomain(), 253, $"prefix part {SubdomainRule}")
                .Concat(Check(field, parts[1], QualifiedName(), 63, KeyRule))
                .Select(error => error with { Words = error.Words.Replace($"Invalid value: \"{parts[0]}\"", $"Invalid value: \"{key}\"", StringComparison.Ordinal).Replace($"Invalid value: \"{parts[1]}\"", $"Invalid value: \"{key}\"", StringComparison.Ordinal) }),
            _ => [FieldError.Invalid(field, $"\"{key}\"", $"a qualified name {KeyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")],
        };
    }

    private static IEnumerable<FieldError> Check(string field, string name, Regex form, int longest, string rule)
    {
        if (name.Length > longest)
            yield return FieldError.Invalid(field, $"\"{name}\"", $"must be no more than {longest} characters");
        if (!form.IsMatch(name))
            yield return FieldError.Invalid(field, $"\"{name}\"", rule);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1123();

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedName();
}
