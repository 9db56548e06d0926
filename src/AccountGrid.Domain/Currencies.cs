using System.Collections.Frozen;

namespace AccountGrid.Domain;

/// <summary>
/// The currencies of ISO 4217, list one (national currencies and funds), as of 2026-01-01, with the decimals of their smallest unit. Codes without a
/// smallest unit (metals, test codes, special drawing rights) are not in it: nobody can be billed in them.
/// </summary>
public static class Currencies
{
    private static readonly string[] ByDigits =
    [
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        "",
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK "
            + "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL "
            + "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
            + "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
        "BHD IQD JOD KWD LYD OMR TND",
        "CLF UYW",
    ];

    private static readonly FrozenDictionary<string, int> Digits = ByDigits
        .SelectMany((codes, digits) => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => KeyValuePair.Create(code, digits)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All codes, upper case, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Digits.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Decimals of the currency's smallest unit, 0 to 4: JPY 0, CNY 2, KWD 3. Null for what is no code of the list; codes are upper case.</summary>
    public static int? DigitsOf(string code) => Digits.TryGetValue(code, out var digits) ? digits : null;

    /// <summary>The currency's smallest unit in nano: CNY 0.01 is 10,000,000. Null for what is no code of the list.</summary>
    public static long? SmallestUnitNano(string code)
    {
        if (DigitsOf(code) is not { } digits)
        {
            return null;
        }

        var nano = Money.NanoPerUnit;
        for (var i = 0; i < digits; i++)
        {
            nano /= 10;
        }

        return nano;
    }
}
