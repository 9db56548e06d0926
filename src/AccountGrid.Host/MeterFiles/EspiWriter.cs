using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Usage as Green Button (NAESB ESPI): a UsagePoint for each meter, a MeterReading and a ReadingType for each register, an IntervalBlock for each day of UTC.
/// </summary>
internal static class EspiWriter
{
    public const string ContentType = "application/atom+xml";

    private const string Atom = "http://www.w3.org/2005/Atom";
    private const string Espi = "http://naesb.org/espi";
    private const long DayMs = Instants.MsPerDay;

    public static byte[] Write(Usage usage)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("id", Atom, Id($"{usage.Account}"));
            xml.WriteElementString("title", Atom, $"Usage of account {usage.Account}");
            xml.WriteElementString("updated", Atom, Text(usage.At));
            foreach (var register in usage.Rows.Select(r => r.Register).Distinct().Order())
            {
                ReadingType(xml, usage, register);
            }

            foreach (var meter in usage.Rows.GroupBy(r => r.Meter))
            {
                Entry(xml, usage, $"UsagePoint/{meter.Key}", [], "UsagePoint", () =>
                {
                    xml.WriteStartElement("ServiceCategory", Espi);
                    xml.WriteElementString("kind", Espi, "0");
                    xml.WriteEndElement();
                });
                foreach (var register in meter.GroupBy(r => r.Register))
                {
                    MeterReading(xml, usage, meter.Key, register.Key, WholeSeconds(register));
                }
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>Rows with durations of at least a second, in which Green Button counts: the energy of a shorter one is in its neighbour.</summary>
    internal static List<UsageRow> WholeSeconds(IEnumerable<UsageRow> rows)
    {
        var whole = new List<UsageRow>();
        foreach (var row in rows)
        {
            if (whole.Count > 0 && whole[^1].EndMs == row.StartMs && (IsInstant(row) || IsInstant(whole[^1])))
            {
                var before = whole[^1];
                whole[^1] = row with { StartMs = before.StartMs, EnergyWh = before.EnergyWh + row.EnergyWh, Quality = before.Quality | row.Quality };
            }
            else
            {
                whole.Add(row);
            }
        }

        whole.RemoveAll(IsInstant);
        return whole;
    }

    private static bool IsInstant(UsageRow row) => row.StartMs / 1000 == row.EndMs / 1000;

    private static void ReadingType(XmlWriter xml, Usage usage, RegisterKind register) =>
        Entry(xml, usage, $"ReadingType/{RegisterCodes.Of(register)}", [], "ReadingType", () =>
        {
            // Delta data of electricity, secondary metered; flow forward or reverse; energy in Wh.
            (string Name, int Number)[] numbers =
            [
                ("accumulationBehaviour", 4), ("commodity", 1), ("flowDirection", register == RegisterKind.Export ? 19 : 1), ("kind", 12),
                ("powerOfTenMultiplier", 0), ("tou", RegisterCodes.IsRate(register) ? (int)register : 0), ("uom", 72),
            ];
            foreach (var (name, number) in numbers)
            {
                xml.WriteElementString(name, Espi, Text(number));
            }
        });

    private static void MeterReading(XmlWriter xml, Usage usage, string meter, RegisterKind register, List<UsageRow> rows)
    {
        var self = $"UsagePoint/{meter}/MeterReading/{RegisterCodes.Of(register)}";
        Entry(xml, usage, self, [$"ReadingType/{RegisterCodes.Of(register)}"], "MeterReading", () => { });
        var block = 0;
        foreach (var day in rows.GroupBy(r => r.StartMs / DayMs))
        {
            Entry(xml, usage, $"{self}/IntervalBlock/{Text(++block)}", [], "IntervalBlock", () =>
            {
                Period(xml, "interval", day.First().StartMs, day.Last().EndMs);
                foreach (var row in day)
                {
                    xml.WriteStartElement("IntervalReading", Espi);
                    xml.WriteStartElement("ReadingQuality", Espi);
                    xml.WriteElementString("quality", Espi, Text(QualityOf(row.Quality)));
                    xml.WriteEndElement();
                    Period(xml, "timePeriod", row.StartMs, row.EndMs);
                    xml.WriteElementString("value", Espi, Text(row.EnergyWh));
                    xml.WriteEndElement();
                }
            });
        }
    }

    /// <summary>The most doubtful of what is said of a value.</summary>
    private static int QualityOf(ReadingQuality quality) =>
        (quality & (ReadingQuality.Questionable | ReadingQuality.ClockSuspect | ReadingQuality.Test)) != 0 ? 10
            : (quality & ReadingQuality.Projected) != 0 ? 12
            : (quality & ReadingQuality.Estimated) != 0 ? 9
            : (quality & (ReadingQuality.Edited | ReadingQuality.Manual)) != 0 ? 7
            : (quality & ReadingQuality.Derived) != 0 ? 11
            : 17;

    private static void Period(XmlWriter xml, string name, long startMs, long endMs)
    {
        xml.WriteStartElement(name, Espi);
        xml.WriteElementString("duration", Espi, Text((endMs / 1000) - (startMs / 1000)));
        xml.WriteElementString("start", Espi, Text(startMs / 1000));
        xml.WriteEndElement();
    }

    private static void Entry(XmlWriter xml, Usage usage, string self, string[] related, string content, Action write)
    {
        xml.WriteStartElement("entry", Atom);
        xml.WriteElementString("id", Atom, Id($"{usage.Account}/{self}"));
        foreach (var (rel, href) in related.Select(r => ("related", r)).Prepend(("self", self)))
        {
            xml.WriteStartElement("link", Atom);
            xml.WriteAttributeString("rel", rel);
            xml.WriteAttributeString("href", href);
            xml.WriteEndElement();
        }

        xml.WriteElementString("title", Atom, content);
        xml.WriteStartElement("content", Atom);
        xml.WriteStartElement(content, Espi);
        write();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteElementString("published", Atom, Text(usage.At));
        xml.WriteElementString("updated", Atom, Text(usage.At));
        xml.WriteEndElement();
    }

    /// <summary>The same resource has the same id in each feed, as Atom asks for.</summary>
    private static string Id(string of) => $"urn:uuid:{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"accountgrid/{of}")).AsSpan(0, 16))}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
