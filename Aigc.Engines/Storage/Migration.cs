using System.Reflection;

namespace Aigc.Engines.Storage;

/// <summary>One numbered step of the schema, from the embedded <c>NNNN_name.sql</c> and the database's own <c>NNNN_name.{dialect}.sql</c>.</summary>
internal sealed record Migration(string Name, string Sql)
{
    public static IReadOnlyList<Migration> All(string dialect)
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Where(name => name.Split('.') is [.., var before, _] && (before == dialect || char.IsAsciiDigit(before[0])))
            .GroupBy(name => name.Split('.')[0], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Migration(group.Key, string.Join('\n', group.OrderBy(name => name.Length).Select(name => Read(assembly, name)))))];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
