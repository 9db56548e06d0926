using System.Xml;
using System.Xml.Linq;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Elements of a message by local name, whatever version its namespace says.</summary>
internal static class CamtXml
{
    /// <summary>Largest document, characters.</summary>
    public const long CharactersMax = 64L * 1024 * 1024;

    /// <summary>Reads the document without a document type, entities of its own, or anything from outside.</summary>
    /// <param name="wrong">Takes the line, what is wrong, and what would be right.</param>
    public static XElement? Load(byte[] bytes, Action<int, string, string> wrong)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = CharactersMax,
            MaxCharactersFromEntities = 1_024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException e)
        {
            // The reader does not say where a document type is.
            var type = bytes.AsSpan().IndexOf("<!DOCTYPE"u8);
            var line = e.LineNumber > 0 || type < 0 ? e.LineNumber : bytes.AsSpan(0, type).Count((byte)'\n') + 1;
            wrong(line, e.Message.ReplaceLineEndings(" "), "well-formed XML without a document type");
            return null;
        }
    }

    public static XElement? Child(this XElement e, string name) => e.Elements().FirstOrDefault(x => x.Name.LocalName == name);

    public static IEnumerable<XElement> Children(this XElement e, string name) => e.Elements().Where(x => x.Name.LocalName == name);

    /// <summary>Text of a child, or of a child's child; empty where it is not there.</summary>
    public static string Text(this XElement e, params ReadOnlySpan<string> path)
    {
        var at = e;
        foreach (var name in path)
        {
            at = at?.Child(name);
        }

        return at?.Value.Trim() ?? "";
    }

    public static int LineOf(XElement e) => ((IXmlLineInfo)e).LineNumber;

    /// <summary>1 of a credit and -1 of a debit; null is an error that was noted.</summary>
    public static int? Sign(XElement e, string field, SettlementBuilder b)
    {
        switch (e.Text("CdtDbtInd"))
        {
            case "CRDT":
                return 1;
            case "DBIT":
                return -1;
            default:
                b.Wrong(LineOf(e), field, e.Text("CdtDbtInd"), "CRDT or DBIT");
                return null;
        }
    }
}
