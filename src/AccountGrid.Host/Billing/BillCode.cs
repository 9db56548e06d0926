using System.Globalization;
using System.Text;
using QRCoder;

namespace AccountGrid.Host.Billing;

/// <summary>The QR code of a bill's payment reference, as an inline drawing.</summary>
internal static class BillCode
{
    public static IReadOnlyList<string> Placeholders { get; } = ["{reference}", "{bill}", "{amount}", "{currency}", "{due}"];

    /// <summary>What the code says, by the company's text.</summary>
    public static string TextOf(string text, BillDocument bill)
    {
        var isAddress = text.Contains("://", StringComparison.Ordinal);
        var amount = decimal.Parse(bill.ToPay, CultureInfo.InvariantCulture)
            .ToString($"F{Domain.Currencies.DigitsOf(bill.Currency) ?? 2}", CultureInfo.InvariantCulture);

        // In one pass: a value that looks like a placeholder stays as it is.
        var said = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var found = Placeholders.FirstOrDefault(p => string.CompareOrdinal(text, i, p, 0, p.Length) == 0);
            var value = found switch
            {
                null => null,
                "{reference}" => bill.Account,
                "{bill}" => bill.Id,
                "{amount}" => amount,
                "{currency}" => bill.Currency,
                _ => bill.Due ?? "",
            };
            said.Append(value is null ? text[i].ToString() : isAddress ? Uri.EscapeDataString(value) : value);
            i += found is null ? 0 : found.Length - 1;
        }

        return said.ToString();
    }

    /// <summary>A drawing of the code with its border of four modules, for screens and print; <paramref name="label"/> is read aloud.</summary>
    public static string Svg(string text, string label)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                var width = 0;
                while (x + width < rows[y].Count && rows[y][x + width])
                {
                    width++;
                }

                if (width > 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{width}v1h-{width}z");
                    x += width;
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"code\" role=\"img\" aria-label=\"{BillText.Html(label)}\" viewBox=\"0 0 {rows.Count} {rows.Count}\" width=\"132\" height=\"132\" "
                + $"shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{rows.Count}v{rows.Count}H0z\"/><path d=\"{path}\"/></svg>");
    }
}
