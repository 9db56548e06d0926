using System.Buffers.Binary;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Links under which surveys are answered: partition, the survey's random id and when it was asked, signed with a key of the grid. A link names no account and
/// no person. It is made when a message is written, and shown to nobody but its receiver.
/// </summary>
internal sealed class SurveyLinks(GridSecret secret, NoticeOptions options)
{
    private const int IdBytes = 16;
    private const int AtBytes = 8;
    private const int BodyBytes = sizeof(int) + IdBytes + AtBytes;

    private readonly LinkSigner _signer = new(secret.KeyFor("survey-links"), BodyBytes);

    /// <summary>Whether customers can reach the pages: without an address nobody is asked.</summary>
    public bool IsOn => options.SurveyUrl.Length > 0;

    /// <summary>The link of a survey.</summary>
    public string Of(SurveyToken token) => $"{options.SurveyUrl.TrimEnd('/')}/s/{TokenOf(token)}";

    /// <summary>The signed part of a link.</summary>
    public string TokenOf(SurveyToken token)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes];
        BinaryPrimitives.WriteInt32BigEndian(bytes, token.Partition);
        Convert.FromHexString(token.Id).CopyTo(bytes[sizeof(int)..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(sizeof(int) + IdBytes)..], token.AskedMs);
        return _signer.Sign(bytes);
    }

    /// <summary>What a link stands for; null for anything that this grid has not signed.</summary>
    public SurveyToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes];
        if (!_signer.TryOpen(text, bytes))
        {
            return null;
        }

        var token = new SurveyToken(
            BinaryPrimitives.ReadInt32BigEndian(bytes), Convert.ToHexStringLower(bytes.Slice(sizeof(int), IdBytes)),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(sizeof(int) + IdBytes)..]));
        return TokenOf(token) == text ? token : null;
    }
}
