using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AccountGrid.Domain;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Links under which a customer sees one account without a login: the account's number, the generation of its links and when the link was made, signed with a
/// key of the grid. A link is made when it is written or asked for, and kept nowhere: <c>page_link</c> says which generation is in force.
/// </summary>
internal sealed partial class PageLinks(GridSecret secret, NoticeOptions options)
{
    /// <summary>Under this path the pages are.</summary>
    public const string Path = "/my";

    private const int GenerationAt = sizeof(int);
    private const int MadeAt = GenerationAt + sizeof(int);
    private const int OriginAt = MadeAt + sizeof(long);
    private const int BodyBytes = OriginAt + 1;

    /// <summary>How long a link opens its page that staff have made: they read or send it to somebody whom they are talking with.</summary>
    private static readonly TimeSpan StaffSpan = TimeSpan.FromDays(1);

    private readonly LinkSigner _signer = new(secret.KeyFor("customer-page-links"), BodyBytes);

    /// <summary>Whether customers can reach the pages: without an address there are none.</summary>
    public bool IsOn => options.CustomerPageUrl.Length > 0;

    /// <summary>The link of a token.</summary>
    public string Of(PageToken token) => $"{options.CustomerPageUrl.TrimEnd('/')}{Path}/{TokenOf(token)}";

    /// <summary>First instant at which a token opens nothing any more.</summary>
    public DateTimeOffset EndOf(PageToken token) =>
        Instants.ToInstant(token.MadeMs) + (token.IsOfStaff ? StaffSpan : TimeSpan.FromDays(options.CustomerPageDays));

    /// <summary>Replaces a link in a text until the text is sent: nobody can open a page with what is stored.</summary>
    public string PlaceOf(int generation) => string.Create(CultureInfo.InvariantCulture, $"{options.CustomerPageUrl.TrimEnd('/')}{Path}/[{generation}]");

    /// <summary>A text with its links, made now.</summary>
    public string Fill(string text, int account, DateTimeOffset now) => !IsOn
        ? text
        : Place().Replace(text, m => m.Groups[1].Value != options.CustomerPageUrl.TrimEnd('/')
            ? m.Value
            : Of(new(account, int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture), now.ToUnixTimeMilliseconds(), IsOfStaff: false)));

    /// <summary>The signed part of a link, 44 characters.</summary>
    public string TokenOf(PageToken token)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes];
        BinaryPrimitives.WriteInt32BigEndian(bytes, token.Account);
        BinaryPrimitives.WriteInt32BigEndian(bytes[GenerationAt..], token.Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[MadeAt..], token.MadeMs);
        bytes[OriginAt] = token.IsOfStaff ? (byte)1 : (byte)0;
        return _signer.Sign(bytes);
    }

    /// <summary>What a link stands for; null for anything that this grid has not signed, or that is written otherwise than this grid writes it.</summary>
    public PageToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes];
        if (!_signer.TryOpen(text, bytes))
        {
            return null;
        }

        var token = new PageToken(
            BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[GenerationAt..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[MadeAt..]), bytes[OriginAt] == 1);
        return TokenOf(token) == text ? token : null;
    }

    /// <summary>What a link is called where its use is recorded: whoever reads that cannot open the page.</summary>
    public string NameOf(PageToken token) => Convert.ToHexStringLower(SHA256.HashData(Base64Url.DecodeFromChars(TokenOf(token))).AsSpan(0, 8));

    [GeneratedRegex(@"(https?://[^\s\[\]]*)/my/\[(\d{1,10})\]")]
    private static partial Regex Place();
}
