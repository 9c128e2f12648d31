using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterBuilderExtensions
{
    /// <summary>A value that <c>Parameters:{name}</c> must give.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Add(name, null, secret);

    /// <summary>A value given here.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false)
    {
        var parameter = new ParameterResource(name, _ => value, secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(value) : null,
        };
        return builder.AddResource(parameter);
    }

    /// <summary>A value from <c>Parameters:{name}</c>, else the default.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false)
    {
        if (persist) throw new NotSupportedException("Parameters are not persisted here: set Parameters:" + name + " instead.");
        return builder.Add(name, value, secret);
    }

    private static IResourceBuilder<ParameterResource> Add(this IDistributedApplicationBuilder builder, string name, ParameterDefault? value, bool secret)
    {
        var key = $"Parameters:{name}";
        var parameter = new ParameterResource(
            name,
            fallback => builder.Configuration[key] ?? fallback?.GetDefaultValue()
                ?? throw new DistributedApplicationException($"Parameter '{name}' has no value. Set configuration key {key} (environment variable Parameters__{name})."),
            secret)
        { Default = value };
        return builder.AddResource(parameter);
    }
}

internal sealed class ConstantParameterDefault(string value) : ParameterDefault
{
    public override string GetDefaultValue() => value;
}
