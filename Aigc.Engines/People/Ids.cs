namespace Aigc.Engines.People;

/// <summary>A person, by the provider's subject.</summary>
public readonly record struct UserId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The tenant that pays.</summary>
public readonly record struct GroupId(string Value)
{
    public override string ToString() => Value;
}
