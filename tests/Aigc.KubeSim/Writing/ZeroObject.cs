using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Writing;

/// <summary>An object that says nothing, as the server's types write it: with all the parts that can't be absent.</summary>
internal static class ZeroObject
{
    public static JsonObject Of(ResourceType type)
    {
        var zero = new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject() };
        switch (type.Kind)
        {
            case "Pod":
                zero["spec"] = new JsonObject { ["containers"] = null };
                break;
            case "Deployment" or "ReplicaSet":
                var template = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
                    ["spec"] = new JsonObject { ["containers"] = null },
                };
                zero["spec"] = new JsonObject { ["selector"] = null, ["strategy"] = new JsonObject(), ["template"] = template };
                break;
            case "PersistentVolumeClaim":
                zero["spec"] = new JsonObject { ["resources"] = new JsonObject() };
                zero["status"] = new JsonObject();
                break;
            case "NetworkPolicy":
                zero["spec"] = new JsonObject { ["podSelector"] = new JsonObject() };
                break;
            case "Event":
                (zero["involvedObject"], zero["source"]) = (new JsonObject(), new JsonObject());
                break;
            case "RoleBinding":
                zero["roleRef"] = new JsonObject { ["apiGroup"] = "", ["kind"] = "", ["name"] = "" };
                break;
            case "ConfigMap" or "Secret" or "ServiceAccount" or "StorageClass" or "Role":
                break;
            default:
                zero["spec"] = new JsonObject();
                break;
        }

        return zero;
    }
}
