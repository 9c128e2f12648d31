using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>Takes out of an object what whoever installs decides: it becomes a value with what stood there as its default.</summary>
internal static class Lift
{
    public static void Out(JsonObject content, string resource, ChartValues values)
    {
        switch (content["kind"]!.GetValue<string>())
        {
            case "ConfigMap":
                Field(content, "data", $"config.{resource}", values);
                break;
            case "Deployment":
                Workload(content["spec"]!.AsObject(), resource, values);
                break;
            case "StatefulSet":
                Pod(content["spec"]!["template"]!["spec"]!.AsObject(), resource, values);
                break;
        }
    }

    private static void Workload(JsonObject spec, string resource, ChartValues values)
    {
        Field(spec, "replicas", $"parameters.{resource}.replicas", values);
        if (values[$"parameters.{resource}.replicas"] is null) values.Explain($"parameters.{resource}.replicas", "null: as many as the autoscaler says.");
        Pod(spec["template"]!["spec"]!.AsObject(), resource, values);
    }

    private static void Pod(JsonObject pod, string resource, ChartValues values)
    {
        foreach (var container in pod["containers"]!.AsArray()) Field(container!.AsObject(), "resources", $"parameters.{resource}.resources", values, new JsonObject());
        Field(pod, "nodeSelector", $"parameters.{resource}.node_selector", values, new JsonObject());
        Field(pod, "tolerations", $"parameters.{resource}.tolerations", values, new JsonArray());
        Field(pod, "affinity", $"parameters.{resource}.affinity", values, new JsonObject());
        pod["imagePullSecrets"] = ValueText.Of(ResourceValues.PullSecrets);
    }

    private static void Field(JsonObject content, string field, string path, ChartValues values, JsonNode? otherwise = null)
    {
        values.Add(path, content[field]?.DeepClone() ?? otherwise);
        content[field] = ValueText.Of(path);
    }
}
