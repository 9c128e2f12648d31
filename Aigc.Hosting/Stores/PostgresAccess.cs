using System.Buffers.Binary;
using System.Text;

namespace Aspire.Hosting.Stores;

internal sealed class PostgresAccess(string user, string password) : StoreAccess
{
    private const int Protocol3 = 3 << 16;

    public string User => user;

    public string Password => password;

    public override string ConnectionString(int port) => $"Host=127.0.0.1;Port={port};Username={user};Password={password}";

    // A server that starts, recovers or ends answers with an error; one that serves asks for the password ('R').
    protected override async Task<bool> AsksAsync(Stream stream, CancellationToken cancellationToken)
    {
        var parameters = Encoding.UTF8.GetBytes($"user\0{user}\0database\0postgres\0\0");
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Protocol3);
        parameters.CopyTo(message, 8);
        await stream.WriteAsync(message, cancellationToken);
        var answer = new byte[1];
        return await stream.ReadAsync(answer, cancellationToken) == 1 && answer[0] == (byte)'R';
    }
}
