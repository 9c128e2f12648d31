using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.Templates;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>The templates on offer, and every version that an engine may still use.</summary>
public sealed class TemplateStore(Database database, TimeProvider time)
{
    /// <summary>Offers this version. Its content is immutable once an engine has used it.</summary>
    /// <param name="source">The YAML as it was written.</param>
    public async Task<SaveTemplateResult> SaveAsync(Template template, string source, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whether engines use the version must stay true until its content is replaced.
        await connection.ExecuteAsync(database.Lock("templates, template_versions, engines"), transaction: transaction);
        var spec = TemplateJson.Write(template);
        var key = new { template.Name, template.Version, spec, source = source.Storable(), now = time.GetUtcNow().ToUnixTimeMilliseconds() };
        var known = await connection.ExecuteScalarAsync<string?>(
            "SELECT spec FROM template_versions WHERE name = @Name AND version = @Version", key, transaction);
        if (known is not null && known != spec && await connection.ExecuteScalarAsync<long>(
                "SELECT COUNT(*) FROM engines WHERE template = @Name AND template_version = @Version", key, transaction) > 0)
        {
            return SaveTemplateResult.VersionInUse;
        }

        var offered = await connection.ExecuteScalarAsync<string?>("SELECT version FROM templates WHERE name = @Name", key, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO template_versions (name, version, spec, created_at) VALUES (@Name, @Version, @spec, @now)
            ON CONFLICT (name, version) DO UPDATE SET spec = excluded.spec
            """,
            key, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO templates (name, version, source, updated_at) VALUES (@Name, @Version, @source, @now)
            ON CONFLICT (name) DO UPDATE SET version = excluded.version, source = excluded.source, updated_at = excluded.updated_at
            """,
            key, transaction);
        if (known != spec || offered != template.Version)
            await AuditAsync(connection, transaction, AuditActions.TemplateSave, template.Name, $"version {template.Version}", actor);
        await transaction.CommitAsync(cancellationToken);
        return offered is not null ? SaveTemplateResult.Updated : SaveTemplateResult.Created;
    }

    public async Task<IReadOnlyList<Template>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var specs = await connection.QueryAsync<string>(
            """
            SELECT v.spec FROM templates t JOIN template_versions v ON v.name = t.name AND v.version = t.version
            """);
        return [.. specs.Select(TemplateJson.Read).OrderBy(template => template.Name, StringComparer.Ordinal)];
    }

    /// <summary>The version on offer, or null.</summary>
    public async Task<Template?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var spec = await connection.ExecuteScalarAsync<string?>(
            "SELECT v.spec FROM templates t JOIN template_versions v ON v.name = t.name AND v.version = t.version WHERE t.name = @name",
            new { name = name.Storable() });
        return spec is null ? null : TemplateJson.Read(spec);
    }

    /// <summary>That version, on offer or not, or null.</summary>
    public async Task<Template?> FindVersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var spec = await connection.ExecuteScalarAsync<string?>(
            "SELECT spec FROM template_versions WHERE name = @name AND version = @version", new { name = name.Storable(), version });
        return spec is null ? null : TemplateJson.Read(spec);
    }

    /// <summary>Takes it off offer. Engines that use it go on with the version they have.</summary>
    public async Task<bool> RemoveAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync("DELETE FROM templates WHERE name = @name", new { name }, transaction) == 0)
            return false;
        await AuditAsync(connection, transaction, AuditActions.TemplateRemove, name, null, actor);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private Task AuditAsync(DbConnection connection, DbTransaction transaction, string action, string name, string? detail, Actor actor) =>
        AuditLog.AppendAsync(
            connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds(),
            new(action, AuditOutcome.Done, actor, new("template", name, name), detail));
}

public enum SaveTemplateResult
{
    Created,
    Updated,

    /// <summary>Engines use this version with other content: give the new content a new version.</summary>
    VersionInUse,
}
