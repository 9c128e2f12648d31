using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aigc.Worker.Kubernetes.Client;

/// <summary>Reads a kubeconfig file, as <c>kubectl</c> does, for its current context or a named one.</summary>
internal sealed class KubeConfig
{
    private readonly string _file;
    private readonly string _folder;
    private readonly TimeProvider _time;

    private KubeConfig(string file, TimeProvider time) => (_file, _folder, _time) = (file, Path.GetDirectoryName(Path.GetFullPath(file))!, time);

    /// <exception cref="InvalidDataException">What is wrong, and where in the file.</exception>
    public static ClusterAccess Read(string file, string? context, TimeProvider time)
    {
        try
        {
            return new KubeConfig(file, time).Read(context);
        }
        catch (YamlException exception)
        {
            throw new InvalidDataException($"{file} ({exception.Start.Line},{exception.Start.Column}): no YAML: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The kubeconfig {file} can't be read: {exception.Message}", exception);
        }
    }

    private ClusterAccess Read(string? wanted)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(_file))
            yaml.Load(text);
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }])
            throw Wrong("it is empty, or no kubeconfig");

        wanted ??= Text(root, "current-context") ?? throw Wrong("it has no 'current-context'; name a context");
        var context = Named(root, "contexts", wanted, "context");
        var cluster = Named(root, "clusters", Text(context, "cluster") ?? throw Wrong($"context '{wanted}' names no cluster"), "cluster");
        var user = Text(context, "user") is { Length: > 0 } name ? Named(root, "users", name, "user") : [];
        var server = Text(cluster, "server") is { } address && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? new Uri(address.TrimEnd('/') + "/")
            : throw Wrong($"the cluster of context '{wanted}' has no 'server' that is an address, such as https://10.0.0.1:6443");
        return new(
            server,
            Text(context, "namespace") is { Length: > 0 } space ? space : "default",
            Pem(cluster, "certificate-authority") is { } authorities ? Certificates(authorities) : null,
            Text(cluster, "insecure-skip-tls-verify") != "true",
            Text(cluster, "tls-server-name"),
            ClientCertificate(user),
            Token(user));
    }

    private IToken? Token(YamlMappingNode user)
    {
        if (Text(user, "tokenFile") is { Length: > 0 } file)
            return new TokenFile(Path.Combine(_folder, file), _time);
        if (Text(user, "token") is { Length: > 0 } token)
            return new FixedToken(token);
        if (Find(user, "exec") is not YamlMappingNode exec)
            return null;
        return new ExecPlugin(
            Text(exec, "command") is { Length: > 0 } command ? Program(command) : throw Wrong("'exec' names no command"),
            Find(exec, "args") is YamlSequenceNode arguments ? [.. arguments.Select(argument => argument.ToString())] : [],
            Find(exec, "env") is YamlSequenceNode variables
                ? variables.OfType<YamlMappingNode>().ToDictionary(variable => Text(variable, "name") ?? "", variable => Text(variable, "value") ?? "")
                : new Dictionary<string, string>(),
            Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
            _folder,
            Text(exec, "installHint"),
            _time);
    }

    /// <summary>A bare name is looked for in PATH, a path with a folder beside this file.</summary>
    private string Program(string command) => command.Contains('/', StringComparison.Ordinal) ? Path.Combine(_folder, command) : command;

    private X509Certificate2? ClientCertificate(YamlMappingNode user)
    {
        if (Pem(user, "client-certificate") is not { } certificate)
            return null;
        var key = Pem(user, "client-key") ?? throw Wrong("there is a client certificate, and no 'client-key' for it");
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw Wrong($"the client certificate or its key can't be used: {exception.Message}");
        }
    }

    private X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw Wrong($"'certificate-authority' holds no certificate: {exception.Message}");
        }

        return certificates.Count > 0 ? certificates : throw Wrong("'certificate-authority' holds no certificate");
    }

    /// <summary>What <c>{name}-data</c> holds in base64, or the file that <c>{name}</c> names.</summary>
    private string? Pem(YamlMappingNode node, string name)
    {
        if (Text(node, $"{name}-data") is { Length: > 0 } data)
        {
            try
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException)
            {
                throw Wrong($"'{name}-data' is no base64");
            }
        }

        return Text(node, name) is { Length: > 0 } file ? File.ReadAllText(Path.Combine(_folder, file)) : null;
    }

    private YamlMappingNode Named(YamlMappingNode root, string list, string name, string what)
    {
        var entry = Find(root, list) is YamlSequenceNode entries
            ? entries.OfType<YamlMappingNode>().FirstOrDefault(one => Text(one, "name") == name)
            : null;
        return entry is not null && Find(entry, what) is YamlMappingNode found ? found : throw Wrong($"there is no {what} '{name}' in '{list}'");
    }

    private static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null;

    private static string? Text(YamlMappingNode node, string key) => (Find(node, key) as YamlScalarNode)?.Value;

    private InvalidDataException Wrong(string what) => new($"The kubeconfig {_file} can't be used: {what}.");
}
