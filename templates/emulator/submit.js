document.forms.namedItem('auto').submit();
