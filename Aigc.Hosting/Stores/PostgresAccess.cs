using System.Buffers.Binary;
using System.Text;

namespace Aspire.Hosting.Stores;

internal sealed class PostgresAccess(string user, string password) : StoreAccess
{
    private const int Protocol3 = 3 << 16;

    // Far above what Postgres answers here.
    private const int Largest = 64 * 1024;

    public string User => user;

    public string Password => password;

    public override string ConnectionString(int port) => $"{Address(port)};Password={password}";

    public override string Address(int port) => $"Host=127.0.0.1;Port={port};Username={user}";

    // A server that starts, recovers or ends answers with an error; one that serves asks for the password ('R').
    protected override async Task<bool> AsksAsync(Stream stream, CancellationToken cancellationToken)
    {
        var parameters = Encoding.UTF8.GetBytes($"user\0{user}\0database\0postgres\0\0");
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Protocol3);
        parameters.CopyTo(message, 8);
        await stream.WriteAsync(message, cancellationToken);
        var head = new byte[5];
        await stream.ReadExactlyAsync(head, cancellationToken);

        // Read to its end: closing with something unread is a reset, and a line in the server's log each time.
        var rest = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4;
        if (rest is < 0 or > Largest) return false;
        await stream.ReadExactlyAsync(new byte[rest], cancellationToken);
        return head[0] == (byte)'R';
    }
}
