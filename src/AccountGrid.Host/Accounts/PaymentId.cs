using System.Globalization;

namespace AccountGrid.Host.Accounts;

/// <summary>Names a payment or an adjustment for ever: the partition whose log it is in, and its position there, written <c>45-100</c>.</summary>
public readonly record struct PaymentId(int Partition, long Position)
{
    /// <summary>Null for anything that is not written as <see cref="ToString"/> writes it: leading zeros, signs, further parts.</summary>
    public static PaymentId? Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && new PaymentId(partition, position) is var id && id.ToString() == text
            ? id
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}-{Position}");
}
