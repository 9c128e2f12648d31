using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Api;

/// <summary>An answer that is no, as a <c>Status</c> object in the API server's words.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null, string? continueToken = null) : Exception(message)
{
    public int Code => code;

    public string Reason => reason;

    public JsonObject? Details => details;

    public JsonObject Status()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = continueToken is null ? [] : new JsonObject { ["continue"] = continueToken },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason.Length > 0)
            status["reason"] = reason;
        if (details is not null)
            status["details"] = details.DeepClone();
        status["code"] = code;
        return status;
    }

    public static ApiException NotFound(ObjectKey key) =>
        new(404, "NotFound", $"{key.Type.Resource} \"{key.Name}\" not found", Of(key.Type, key.Name));

    public static ApiException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException AlreadyExists(ObjectKey key) =>
        new(409, "AlreadyExists", $"{key.Type.Resource} \"{key.Name}\" already exists", Of(key.Type, key.Name));

    public static ApiException Modified(ObjectKey key) =>
        Conflict(key, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Conflict(ObjectKey key, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {key.Type.Resource} \"{key.Name}\": {why}", Of(key.Type, key.Name));

    /// <summary>The store itself finds another object of the same name.</summary>
    public static ApiException OtherUid(ObjectKey key, string wanted, string found)
    {
        var why = $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {found}";
        return Conflict(key, $"StorageError: invalid object, Code: 4, Key: /registry/{key.Type.Plural}/{key.Path}, ResourceVersion: 0, AdditionalErrorMsg: {why}");
    }

    /// <summary>Preconditions of a deletion name the kind, not the resource.</summary>
    public static ApiException DeleteConflict(ObjectKey key, string why)
    {
        var details = Of(key.Type, key.Name);
        details["kind"] = key.Type.Kind;
        return new(409, "Conflict", $"Operation cannot be fulfilled on {key.Type.QualifiedKind} \"{key.Name}\": {why}", details);
    }

    public static ApiException Forbidden(ResourceType type, string name, string why, JsonArray? causes = null)
    {
        var details = Of(type, name);
        if (causes is not null)
            details["causes"] = causes;
        return new(403, "Forbidden", $"{type.Resource}{(name.Length > 0 ? $" \"{name}\"" : "")} is forbidden: {why}", details);
    }

    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var details = Of(type, name);
        details["kind"] = type.Kind;
        details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["reason"] = error.Reason, ["message"] = error.Words, ["field"] = error.Field })]);
        var sentences = errors.Select(error => $"{error.Field}: {error.Words}").Distinct().ToList();
        return new(422, "Invalid", $"{type.QualifiedKind} \"{name}\" is invalid: {(sentences is [var one] ? one : $"[{string.Join(", ", sentences)}]")}", details);
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Expired(string message, string? continueToken = null) => new(410, "Expired", message, continueToken: continueToken);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException UnsupportedMediaType() => new(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    public static JsonObject Of(ResourceType type, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}
