using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Api;

/// <summary>What is wrong with one field, as validation words it.</summary>
internal sealed record FieldError(string Field, string Reason, string Words)
{
    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", detail.Length > 0 ? $"Required value: {detail}" : "Required value");

    public static FieldError Invalid(string field, string value, string detail) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {detail}");

    public static FieldError Invalid(string field, JsonNode? value, string detail) => Invalid(field, value?.ToJsonString(Objects.StoredObject.Relaxed) ?? "null", detail);

    public static FieldError Forbidden(string field, string detail) => new(field, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError Duplicate(string field, string value) => new(field, "FieldValueDuplicate", $"Duplicate value: {value}");

    public static FieldError NotFound(string field, string value) => new(field, "FieldValueNotFound", $"Not found: {value}");

    public static FieldError NotSupported(string field, string value, params ReadOnlySpan<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.ToArray().Select(one => $"\"{one}\""))}");
}
