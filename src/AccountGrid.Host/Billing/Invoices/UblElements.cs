using System.Globalization;
using System.Xml;

namespace AccountGrid.Host.Billing.Invoices;

/// <summary>Elements of a UBL document. Texts are cleaned of what XML cannot hold; one that is null or empty is left out.</summary>
internal sealed class UblElements(XmlWriter xml, string currency)
{
    public void Within(string name, Action content)
    {
        xml.WriteStartElement("cac", name, UblWriter.Aggregates);
        content();
        xml.WriteEndElement();
    }

    public void Text(string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            xml.WriteElementString("cbc", name, UblWriter.Basics, BillText.Clean(text));
        }
    }

    public void Endpoint((string Scheme, string Id)? endpoint)
    {
        if (endpoint is { } known)
        {
            WithAttribute("EndpointID", known.Id, "schemeID", known.Scheme);
        }
    }

    /// <summary>An amount in the document's currency, with so many decimals.</summary>
    public void Amount(string name, decimal amount, int digits = 2) =>
        WithAttribute(name, amount.ToString($"F{digits}", CultureInfo.InvariantCulture), "currencyID", currency);

    public void AmountUnlessZero(string name, decimal amount, int digits = 2)
    {
        if (amount != 0)
        {
            Amount(name, amount, digits);
        }
    }

    /// <summary>A number with all its decimals.</summary>
    public void Number(string name, decimal number, string attribute, string value) =>
        WithAttribute(name, number.ToString("0.######", CultureInfo.InvariantCulture), attribute, value);

    private void WithAttribute(string name, string text, string attribute, string value)
    {
        xml.WriteStartElement("cbc", name, UblWriter.Basics);
        xml.WriteAttributeString(attribute, value);
        xml.WriteString(BillText.Clean(text));
        xml.WriteEndElement();
    }
}
