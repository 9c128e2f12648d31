namespace Aigc.Proxy.Leases;

/// <summary>Follows one direction of a WebSocket (RFC 6455, section 5.2) over any split of its bytes, and tells data frames from control frames.</summary>
public struct FrameScanner
{
    private const int LastDataOpcode = 0x2; // continuation, text, binary; ping, pong and close begin at 8

    private int _headerRead;
    private int _lengthBytes;
    private bool _masked;
    private bool _isData;
    private ulong _payload;

    /// <summary>Whether the bytes, which go on where the last ones ended, hold any part of a data frame.</summary>
    public bool Scan(ReadOnlySpan<byte> bytes)
    {
        var data = false;
        while (!bytes.IsEmpty)
        {
            if (_headerRead == 0 && _payload > 0)
            {
                var skip = (int)Math.Min((ulong)bytes.Length, _payload);
                _payload -= (ulong)skip;
                bytes = bytes[skip..];
            }
            else
            {
                ReadHeader(bytes[0]);
                bytes = bytes[1..];
            }
            data |= _isData;
        }
        return data;
    }

    private void ReadHeader(byte value)
    {
        switch (_headerRead)
        {
            case 0:
                _isData = (value & 0x0F) <= LastDataOpcode;
                _lengthBytes = 0;
                break;
            case 1:
                _masked = (value & 0x80) != 0;
                _payload = (ulong)(value & 0x7F);
                _lengthBytes = _payload switch { 126 => 2, 127 => 8, _ => 0 };
                if (_lengthBytes > 0)
                    _payload = 0;
                break;
            default:
                if (_headerRead < 2 + _lengthBytes)
                    _payload = (_payload << 8) | value;
                break;
        }
        _headerRead++;
        if (_headerRead >= 2 && _headerRead == 2 + _lengthBytes + (_masked ? 4 : 0))
            _headerRead = 0;
    }
}
