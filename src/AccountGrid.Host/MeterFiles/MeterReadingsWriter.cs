using System.Globalization;
using System.Text;
using System.Xml;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Registers as MeterReadings of IEC 61968-9, for a meter data management system.</summary>
internal static class MeterReadingsWriter
{
    public const string ContentType = "application/xml";

    private const string Space = "http://iec.ch/TC57/2011/MeterReadings#";

    public static byte[] Write(Usage usage)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("MeterReadings", Space);
            foreach (var meter in usage.Rows.GroupBy(r => r.Meter))
            {
                xml.WriteStartElement("MeterReading", Space);
                xml.WriteStartElement("Meter", Space);
                xml.WriteElementString("mRID", Space, meter.Key);
                xml.WriteEndElement();
                foreach (var row in meter)
                {
                    xml.WriteStartElement("Readings", Space);
                    xml.WriteElementString("timeStamp", Space, TimeZoneInfo.ConvertTime(Instants.ToInstant(row.EndMs), usage.Zone)
                        .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
                    xml.WriteElementString("value", Space, row.RegisterWh.ToString(CultureInfo.InvariantCulture));
                    xml.WriteStartElement("ReadingQualities", Space);
                    Reference(xml, "ReadingQualityType", QualityOf(row.Quality));
                    xml.WriteEndElement();
                    Reference(xml, "ReadingType", TypeOf(row.Register));
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>A bulk quantity of energy in Wh, secondary metered.</summary>
    private static string TypeOf(RegisterKind register) =>
        $"0.0.0.1.{(register == RegisterKind.Export ? 19 : 1)}.1.12.0.0.0.0.{(RegisterCodes.IsRate(register) ? (int)register : 0)}.0.0.0.0.72.0";

    /// <summary>By the system that writes it (3, a meter data management system).</summary>
    private static string QualityOf(ReadingQuality quality) =>
        (quality & (ReadingQuality.Questionable | ReadingQuality.ClockSuspect | ReadingQuality.Test)) != 0 ? "3.10.0"
            : (quality & ReadingQuality.Projected) != 0 ? "3.12.0"
            : (quality & ReadingQuality.Estimated) != 0 ? "3.8.0"
            : (quality & (ReadingQuality.Edited | ReadingQuality.Manual)) != 0 ? "3.7.0"
            : (quality & ReadingQuality.Derived) != 0 ? "3.11.0"
            : "3.0.0";

    private static void Reference(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement(name, Space);
        xml.WriteAttributeString("ref", value);
        xml.WriteEndElement();
    }
}
