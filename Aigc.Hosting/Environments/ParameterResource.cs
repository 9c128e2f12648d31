namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from <c>Parameters:{name}</c>, or its default.</summary>
public sealed class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IValueProvider, IManifestExpressionProvider
{
    private readonly Lock _lock = new();
    private string? _value;

    public bool Secret => secret;

    public ParameterDefault? Default { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    internal string Value
    {
        get
        {
            // A generated value is generated once.
            lock (_lock) return _value ??= callback(Default);
        }
    }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Value);
}
