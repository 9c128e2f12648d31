namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class ProbeV1
{
    public HttpGetActionV1? HttpGet { get; set; }

    public ExecActionV1? Exec { get; set; }

    public int? InitialDelaySeconds { get; set; }

    public int? PeriodSeconds { get; set; }

    public int? TimeoutSeconds { get; set; }

    public int? FailureThreshold { get; set; }
}

public sealed class HttpGetActionV1
{
    public string? Path { get; set; }

    public int Port { get; set; }
}

public sealed class ExecActionV1
{
    public List<string> Command { get; } = [];
}

public sealed class LifecycleV1
{
    public LifecycleHandlerV1? PreStop { get; set; }
}

public sealed class LifecycleHandlerV1
{
    public ExecActionV1 Exec { get; set; } = new();
}
